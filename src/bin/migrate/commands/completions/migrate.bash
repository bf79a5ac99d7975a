# Completion of `migrate` for bash; the program knows what there is to complete.
_migrate() {
    local line=${COMP_LINE:0:COMP_POINT} words=() last=-1 i rest word
    # Bash cuts words at `@`, `:` and `=` too; they are put together again.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        rest=${line#"${line%%[![:blank:]]*}"}
        word=${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$rest
        if ((i == 0)) || [[ $rest != "$line" ]]; then
            ((++last))
            words[last]=
        fi
        words[last]+=$word
        line=${rest#"$word"}
    done
    # What stands before the last of these is not replaced; an `@` itself is.
    local current=${words[last]} kept= cut
    for cut in @ : =; do
        if [[ $COMP_WORDBREAKS == *$cut* && $current == *$cut* ]]; then
            word=${current%"$cut"*}
            [[ $cut == @ ]] || word+=$cut
            ((${#word} > ${#kept})) && kept=$word
        fi
    done
    COMPREPLY=()
    while IFS= read -r line; do
        line=${line%%$'\t'*}
        COMPREPLY+=("${line#"$kept"}")
    done < <(command migrate __complete -- "${words[@]}" 2>/dev/null)
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[/@=:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o nosort -F _migrate migrate 2>/dev/null || complete -F _migrate migrate
