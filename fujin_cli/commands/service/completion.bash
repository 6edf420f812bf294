# Completion of fujin for bash; load it with:
# eval "$(fujin completion bash)"
_fujin_answer() {
    _FUJIN_COMPLETE=bash _FUJIN_KEY="$COMP_TYPE" \
        _FUJIN_LINE="${COMP_LINE:0:COMP_POINT}" \
        _FUJIN_BREAKS="$COMP_WORDBREAKS" \
        COLUMNS="$COLUMNS" "$1" 2>/dev/null
}
_fujin_completion() {
    local line mode=
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ -z $mode ]]; then
            mode=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <(_fujin_answer "$1")
    case $mode in
        nospace) compopt -o nospace ;;
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
    esac
}
complete -o nosort -F _fujin_completion fujin 2>/dev/null ||
    complete -F _fujin_completion fujin
