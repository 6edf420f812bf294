# Completion of fujin for fish; keep it with:
# fujin completion fish > ~/.config/fish/completions/fujin.fish
function __fujin_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -lx _FUJIN_COMPLETE fish
    set -lx _FUJIN_WORDS \
        (string join \n -- $words | string collect)
    set -lx _FUJIN_CURRENT "$current"
    set -l lines ($words[1] 2>/dev/null)
    switch "$lines[1]"
        case files folders
            __fish_complete_path "$current"
        case '*'
            set -e lines[1]
            printf '%s\n' $lines
    end
end
complete --command fujin --no-files \
    --arguments '(__fujin_complete)'
