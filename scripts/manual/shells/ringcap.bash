# The tables above say what there is. This finds the place of the cursor in them. It works with and without the package
# bash-completion, and with every COMP_WORDBREAKS.

# Sets words (with ringcap at 0), cur (the word at the cursor, up to it) and fixed (its part that readline keeps).
__ringcap_words() {
  local line=${COMP_LINE:0:COMP_POINT} token piece
  words=()
  for token in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    # Readline parts words at signs such as = and @ too. What no blank parts is one word.
    if [[ $line == [[:blank:]]* || ${#words[@]} -eq 0 ]]; then
      line=${line#"${line%%[![:blank:]]*}"}
      words+=("")
    fi
    piece=$token
    [[ $line == "$piece"* ]] || piece=$line
    words[${#words[@]}-1]+=$piece
    line=${line#"$piece"}
  done
  cur=${words[${#words[@]}-1]}
  [[ -z ${piece//["$COMP_WORDBREAKS"]/} ]] && piece=
  piece=${piece#[\"\']}
  fixed=${cur%"$piece"}
  # Readline parts words at @ and replaces it all the same (rl_special_prefixes).
  fixed=${fixed%@}
}

# Finds the value that letters such as -nni take. Sets letter and rest (what stands behind the letter).
__ringcap_letters() {
  local -i at
  for ((at = 1; at < ${#1}; at++)); do
    letter=-${1:at:1} rest=${1:at+1}
    __ringcap_value "$path" "$letter" && return
  done
  return 1
}

__ringcap_offer() {
  local candidate given=${head##*/}
  for candidate; do
    [[ $candidate == "$value"* ]] || continue
    # A list has each word once.
    [[ -n $separators && ,${given//[!a-z0-9+,-]/,} == *,"$candidate",* ]] && continue
    __ringcap_is_one_word || continue
    COMPREPLY+=("$lead$head$candidate")
  done
}

# Whether the line gets the candidate as one word of that text. Readline quotes the names of files, but not always the signs
# of expansions: not in a part of a name, nor in what several names have in common. Bash expands "!" within double quotes.
__ringcap_is_one_word() {
  local name=${candidate%/}
  [[ $quote == '"' && $name == *!* ]] && return 1
  [[ $name == *[\$\`]* ]] || return 0
  # A directory such as $HOME/ is one that was typed.
  [[ $lead$head == "$fixed" && $name == */* && ${name##*/} != *[\$\`]* && ${name%/*} != *[\`\(]* && ! -e $name && ! -L $name ]]
}

# Offers the lines of the input that are plain words. Others choose the names of interfaces, processes and users, and readline
# does not quote them.
__ringcap_names() {
  local name
  local -a names=()
  while IFS= read -r name; do
    [[ -z $name || $name == *[^[:alnum:]_.:@/+-]* ]] || names+=("$name")
  done
  ((${#names[@]} == 0)) || __ringcap_offer "${names[@]}"
}

__ringcap_files() {
  local file
  local -a all=() fitting=()
  while IFS= read -r file; do
    [[ -d $file ]] && file+=/
    all+=("$file")
    [[ $file == */ || $file =~ \.($extensions)$ ]] && fitting+=("$file")
  done < <(compgen -f -- "$value")
  [[ -n $extensions && ${#fitting[@]} -gt 0 ]] && all=("${fitting[@]}")
  ((${#all[@]} == 0)) || __ringcap_offer "${all[@]}"
  compopt -o filenames -o nospace 2>/dev/null
  # A file that is alone is whole.
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} != */ ]] && compopt +o nospace 2>/dev/null
}

# Takes the signs out of value with which blanks and the like are quoted outside of single quotes: names of files have none.
__ringcap_unquote() {
  [[ $quote == "'" || $value != *\\* ]] && return
  local unquoted=
  while [[ $value == *\\?* ]]; do
    unquoted+=${value%%\\*} value=${value#*\\}
    unquoted+=${value:0:1} value=${value:1}
  done
  value=$unquoted${value%\\}
}

# Completes a value by kind, words, extensions, separators, prefix and from_file. $1: what stands before the value in its
# word, $2: the value up to the cursor.
__ringcap_complete_value() {
  local lead=$1 value=$2 head= quote=
  case $value in [\"\']*) quote=${value:0:1} lead+=$quote value=${value:1} ;; esac
  # Readline keeps what stands in front of an open quote.
  [[ -z $quote || $fixed == "$lead"* ]] || fixed=$lead
  case $kind in file|directory|program) __ringcap_unquote ;; esac
  if [[ -n $separators && $value == *["$separators"]* ]]; then
    head=${value%"${value##*["$separators"]}"} value=${value##*["$separators"]}
  fi
  if [[ -n $prefix && $value == "$prefix"* ]]; then head+=$prefix value=${value#"$prefix"}; fi
  if [[ -n $from_file && $value == @* && -z $head ]]; then
    head=@ value=${value#@}
    __ringcap_files
    return
  fi
  # shellcheck disable=SC2086 # The tables have words with blanks between them.
  [[ -n $words_of_value ]] && __ringcap_offer $words_of_value
  case $kind in
    interface) __ringcap_names < <(cd /sys/class/net 2>/dev/null && printf '%s\n' *) ;;
    user) __ringcap_names < <(compgen -u) ;;
    group) __ringcap_names < <(compgen -g) ;;
    process) __ringcap_names < <(cd /proc && compgen -G '[0-9]*') ;;
    process-name) __ringcap_names < <(cat /proc/[0-9]*/comm 2>/dev/null | sort -u) ;;
    program)
      if [[ $value == */* ]]; then __ringcap_files; else __ringcap_names < <(compgen -c -- "$value"); fi
      ;;
    file) __ringcap_files ;;
    directory)
      local directories
      mapfile -t directories < <(compgen -d -S / -- "$value")
      ((${#directories[@]} == 0)) || __ringcap_offer "${directories[@]}"
      compopt -o filenames -o nospace 2>/dev/null
      ;;
  esac
  [[ -z $separators ]] || compopt -o nospace 2>/dev/null
}

# What stands behind -- is another program with its arguments.
__ringcap_program() {
  local -i at=$1
  if ((at + 1 < ${#words[@]})); then
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "$((at + COMP_CWORD - ${#words[@]} + 1))"
    elif declare -F _command_offset >/dev/null; then
      _command_offset "$((at + COMP_CWORD - ${#words[@]} + 1))"
    else
      local kind=file words_of_value= extensions= separators= prefix= from_file=
      __ringcap_complete_value "" "$cur"
    fi
  else
    local kind=program words_of_value= extensions= separators= prefix= from_file=
    __ringcap_complete_value "" "$cur"
  fi
}

_ringcap() {
  local cur fixed path= word letter rest behind= pending=
  local kind words_of_value extensions separators prefix from_file
  local commands options
  local -a words
  local -i at arguments=0
  COMPREPLY=()
  __ringcap_words
  for ((at = 1; at < ${#words[@]} - 1; at++)); do
    word=${words[at]}
    __ringcap_command "$path"
    if [[ -n $behind ]]; then
      arguments+=1
    elif [[ -n $pending ]]; then
      pending=
    elif [[ $word == -- ]]; then
      if [[ $behind_separator == program ]]; then
        __ringcap_program $((at + 1))
        __ringcap_cut
        return
      fi
      behind=yes
      if [[ $behind_separator == ringcap ]]; then
        words=(ringcap "${words[@]:at+1}")
        at=0 path= behind= pending= arguments=0
      fi
    elif [[ $word == --*=* ]]; then
      :
    elif [[ $word == --* ]]; then
      __ringcap_value "$path" "$word" && pending=$word
    elif [[ $word == -?* ]]; then
      __ringcap_letters "$word" && [[ -z $rest ]] && pending=$letter
    elif ((arguments == 0)) && [[ " $commands " == *" $word "* ]]; then
      path="$path${path:+ }$word"
    else
      arguments+=1
    fi
  done
  __ringcap_command "$path"
  if [[ -n $pending ]]; then
    __ringcap_value "$path" "$pending"
    __ringcap_complete_value "" "$cur"
  elif [[ -z $behind && $cur == --*=* ]] && __ringcap_value "$path" "${cur%%=*}"; then
    __ringcap_complete_value "${cur%%=*}=" "${cur#*=}"
  elif [[ -z $behind && $cur == -[!-]?* ]] && __ringcap_letters "$cur"; then
    __ringcap_complete_value "${cur%"$rest"}" "$rest"
  elif [[ -z $behind && $cur == -* ]]; then
    local lead= head= quote= value=$cur
    separators=
    # shellcheck disable=SC2086
    __ringcap_offer $options
  else
    if ((arguments == 0)) && [[ -z $behind && -n $commands ]]; then
      local lead= head= quote= value=$cur
      separators=
      # shellcheck disable=SC2086
      __ringcap_offer $commands
    fi
    if __ringcap_argument "$path" "$arguments"; then __ringcap_complete_value "" "$cur"; fi
  fi
  __ringcap_cut
}

# Leaves out of each answer what readline keeps.
__ringcap_cut() {
  local -i at
  for at in "${!COMPREPLY[@]}"; do COMPREPLY[at]=${COMPREPLY[at]#"$fixed"}; done
}

complete -F _ringcap ringcap
