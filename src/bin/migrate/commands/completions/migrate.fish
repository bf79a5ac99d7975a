# Completion of `migrate` for fish; the program knows what there is to complete.
complete --command migrate --no-files --keep-order --arguments '(command migrate __complete -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor) 2>/dev/null)'
