#compdef fujin
# Completion of fujin for zsh; load it with:
# eval "$(fujin completion zsh)"
_fujin() {
    local -a lines words_found shown options
    local line help
    lines=("${(@f)$(_FUJIN_COMPLETE=zsh \
        _FUJIN_CURRENT="${(Q)PREFIX}" \
        _FUJIN_WORDS="${(pj:\n:)${(@Q)words[1,CURRENT-1]}}" \
        "${words[1]}" 2>/dev/null)}")
    case ${lines[1]} in
        files) compset -P '*=@'; _files; return ;;
        folders) compset -P '*='; _files -/; return ;;
        nospace) options=(-S '') ;;
    esac
    shift lines
    for line in "${lines[@]}"; do
        [[ -n $line ]] || continue
        help=${line#*$'\t'}
        words_found+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}${help:+  -- $help}")
    done
    (( ${#words_found} )) || return 1
    compadd -U -V fujin -l "${options[@]}" -d shown -a words_found
}
if [[ ${funcstack[1]} = _fujin ]]; then
    _fujin "$@"
else
    if (( ! ${+functions[compdef]} )); then
        autoload -Uz compinit && compinit
    fi
    compdef _fujin fujin
fi
