#compdef migrate
# Completion of `migrate` for zsh; the program knows what there is to complete.
_migrate() {
    local -a whole open
    local line value entry
    for line in "${(@f)$(command migrate __complete -- "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        entry=${value//:/\\:}
        [[ $line == *$'\t'* ]] && entry+=:${line#*$'\t'}
        if [[ $value == *[/@=:] ]]; then
            open+=("$entry")
        else
            whole+=("$entry")
        fi
    done
    local found=1
    (($#whole)) && _describe -V values whole && found=0
    (($#open)) && _describe -V values open -S '' && found=0
    return found
}
if [[ $funcstack[1] == _migrate ]]; then
    _migrate "$@"
else
    compdef _migrate migrate
fi
