# What the lines below ask.

# The words in front of the cursor, without those behind --.
function __ringcap_words
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l at (contains -i -- -- $tokens)
    and set tokens $tokens[1..$at]
    string join \n -- $tokens
end

# Whether the words begin with these, which name a command. Without a command it is a capture.
function __ringcap_is
    set -l tokens (__ringcap_words)
    if test (count $argv) -eq 0
        not contains -- "$tokens[1]" $__ringcap_commands
    else
        test "$tokens[1..$(count $argv)]" = "$argv"
    end
end

# Whether a command can stand at the cursor, below these words.
function __ringcap_is_next
    test (count (__ringcap_words)) -eq (count $argv)
    and test "$(__ringcap_words)" = "$argv"
end

function __ringcap_is_behind_separator
    contains -- -- (__ringcap_words)
end

# The words behind -- as a command line of their own, behind the words that are given.
function __ringcap_program
    set -l tokens (commandline -opc)
    set -l at (contains -i -- -- $tokens)
    or return
    set -e tokens[1..$at]
    complete -C (string join ' ' -- $argv (string escape -- $tokens) (commandline -ct))
end

# The value at the cursor, also in --option=value.
function __ringcap_value
    commandline -ct | string replace -r '^--[^=]*=' '' | string replace -r '^["\']' ''
end

# Words of a list. The first: the signs between them, the second: a sign that may stand in front of each, the third: @ where
# @file may stand there, and then the words.
function __ringcap_list
    set -l value (__ringcap_value)
    if test -n "$argv[3]"; and string match -q '@*' -- $value
        for file in (complete -C "cat "(string sub -s 2 -- $value))
            echo @$file
        end
        return
    end
    set -l head (string match -r "^.*[$argv[1]]" -- $value)
    set -l given (string split , -- (string replace -a -r '[^a-z0-9+,-]' , -- (string replace -r '.*/' '' -- "$head")))
    for word in $argv[4..]
        contains -- $word $given
        and continue
        echo "$head$word"
        test -n "$argv[2]"
        and echo "$head$argv[2]$word"
    end
end

function __ringcap_interface
    string replace -r '.*/' '' -- /sys/class/net/*
end

function __ringcap_process
    string match -r '\d+$' -- /proc/*
end

function __ringcap_process_name
    cat /proc/*/comm 2>/dev/null | sort -u
end

complete -c ringcap -e
complete -c ringcap -f
