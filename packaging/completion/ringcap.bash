# Completion of ringcap for bash, made by `npm run manual` of the table of its commands.
# shellcheck shell=bash disable=SC1007,SC2034,SC2046,SC2207

__ringcap_command() {
  case "$1" in
    "")
      commands='capture watch top replay report export query fleet verify compile connections send service doctor extcap completion help' options='-i --interface -s --snapshot-length -Q --direction --hook --promiscuous -B --buffer-size --sample --rate-limit -c --count --duration --action -Z --user --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan --pid --comm --only-command -w --write --format --comment --time-stamp-precision --checksum --compress -q --quiet --json -v --verbose -e -t -x -X -A -S -K -# -n -l -p --process -U --packet-buffered -D --list-interfaces -r --read -C --rotate-size -G --rotate-every --rotate-packets -W --keep-files --keep-size --keep-free -z --on-file -h --help -V --version' behind_separator=program
      ;;
    "help")
      commands='capture watch top replay report export query fleet verify compile connections send service doctor extcap completion' options='' behind_separator=
      ;;
    "help capture" | "help watch" | "help top" | "help replay" | "help report" | "help export" | "help query" | "help fleet follow" | "help fleet fetch" | "help fleet upload" | "help verify" | "help compile" | "help connections" | "help send" | "help service unit" | "help service check" | "help doctor" | "help extcap install" | "help extcap remove" | "help extcap status" | "help extcap run" | "help completion" | "fleet help follow" | "fleet help fetch" | "fleet help upload" | "service help unit" | "service help check" | "extcap help install" | "extcap help remove" | "extcap help status" | "extcap help run")
      commands='' options='' behind_separator=
      ;;
    "help fleet" | "fleet help")
      commands='follow fetch upload' options='' behind_separator=
      ;;
    "help service" | "service help")
      commands='unit check' options='' behind_separator=
      ;;
    "help extcap" | "extcap help")
      commands='install remove status run' options='' behind_separator=
      ;;
    "capture")
      commands='' options='-i --interface -s --snapshot-length -Q --direction --hook --promiscuous -B --buffer-size --sample --rate-limit -c --count --duration --action -Z --user --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan --pid --comm --only-command -w --write --format --comment --time-stamp-precision --checksum --compress -q --quiet --json -v --verbose -e -t -x -X -A -S -K -# -n -l -p --process -U --packet-buffered -D --list-interfaces -r --read -C --rotate-size -G --rotate-every --rotate-packets -W --keep-files --keep-size --keep-free -z --on-file -h --help' behind_separator=program
      ;;
    "watch")
      commands='' options='--trigger --before --after --max --history-size --config --duration -w --write --incident-size --file-size --keep-incidents --keep-size --on-incident --no-report -i --interface -s --snapshot-length -Q --direction --hook --promiscuous -B --buffer-size -Z --user --no-reattach --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan --publish --subject --spool-size --upload --upload-rate --tls-ca --tls-cert --tls-key --token-file --nkey-file --creds --metrics --parquet --parquet-host --json -q --quiet -v --verbose -h --help' behind_separator=
      ;;
    "top")
      commands='' options='--by --interval --rows -c --count --duration -i --interface -Q --direction --hook --promiscuous -Z --user --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan --json -q --quiet -h --help' behind_separator=
      ;;
    "replay")
      commands='' options='--engine --hook --expect -s --snapshot-length --sample --seed --rate-limit -c --count --anonymize --anonymize-key --keep-payload -Z --user --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan -w --write --format --comment --time-stamp-precision --checksum --compress -q --quiet --json -v --verbose -e -t -x -X -A -S -K -# -n -l -p -h --help' behind_separator=
      ;;
    "report")
      commands='' options='-o --output --json --mmdb --anonymize --anonymize-key -Z --user -q --quiet --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan -h --help' behind_separator=
      ;;
    "export")
      commands='' options='--to --table --host -Z --user --json -q --quiet -h --help' behind_separator=
      ;;
    "query")
      commands='' options='--question --since --limit -Z --user --json --csv -h --help' behind_separator=
      ;;
    "fleet")
      commands='follow fetch upload help' options='-h --help' behind_separator=
      ;;
    "fleet follow")
      commands='' options='--since --stream --tls-ca --tls-cert --tls-key --token-file --nkey-file --creds --to -Z --user --json -q --quiet -h --help' behind_separator=
      ;;
    "fleet fetch")
      commands='' options='--to -Z --user -q --quiet --tls-ca --tls-cert --tls-key --token-file --nkey-file --creds -h --help' behind_separator=
      ;;
    "fleet upload")
      commands='' options='--upload-rate --host -Z --user -q --quiet --tls-ca --tls-cert --tls-key --token-file --nkey-file --creds -h --help' behind_separator=
      ;;
    "verify")
      commands='' options='--reporter --engine --hook --update --allow-outside --timeout -h --help' behind_separator=
      ;;
    "compile")
      commands='' options='-y --link-type --hook -d --dump -O --no-optimize -v --verbose --json --port --src-port --dst-port --tcp-flags --proto --host --src-host --dst-host --net --src-net --dst-net -4 --ipv4 -6 --ipv6 --vlan -h --help' behind_separator=
      ;;
    "connections")
      commands='' options='--port --host --net -4 --ipv4 -6 --ipv6 --pid --comm --namespace -c --count --duration --max-connections -B --buffer-size --events --details --summary --half-open --interval --parquet --parquet-host --keep-size -q --quiet --json -h --help' behind_separator=
      ;;
    "send")
      commands='' options='-i --interface --pps --multiplier --max-gap --topspeed --loop -c --count --vary --engine --cpus -Z --user --yes -q --quiet --json -h --help' behind_separator=
      ;;
    "service")
      commands='unit check help' options='-h --help' behind_separator=
      ;;
    "service unit")
      commands='' options='--name --user -h --help' behind_separator=ringcap
      ;;
    "service check")
      commands='' options='--name --user --json -h --help' behind_separator=ringcap
      ;;
    "doctor")
      commands='' options='--json -h --help' behind_separator=
      ;;
    "extcap")
      commands='install remove status run help' options='-h --help' behind_separator=
      ;;
    "extcap install")
      commands='' options='--grant --directory --json -h --help' behind_separator=
      ;;
    "extcap remove" | "extcap status")
      commands='' options='--directory --json -h --help' behind_separator=
      ;;
    "extcap run")
      commands='' options='--capture --extcap-interface --extcap-capture-filter --fifo --extcap-version --port --tcp-flags --sample --snapshot-length --process --action --rights --until-input-ends -h --help' behind_separator=
      ;;
    "completion")
      commands='' options='-h --help' behind_separator=
      ;;
    *) commands= options= behind_separator= ;;
  esac
}
__ringcap_value() {
  case "$1 $2" in
    " -i" | " --interface" | "capture -i" | "capture --interface" | "watch -i" | "watch --interface" | "top -i" | "top --interface")
      kind=interface words_of_value='any' extensions='' separators='' prefix='' from_file=
      ;;
    " -s" | " --snapshot-length" | " -B" | " --buffer-size" | " --sample" | " --rate-limit" | " -c" | " --count" | " --duration" | " --vlan" | " --comment" | " -C" | " --rotate-size" | " -G" | " --rotate-every" | " --rotate-packets" | " -W" | " --keep-files" | " --keep-size" | " --keep-free" | "capture -s" | "capture --snapshot-length" | "capture -B" | "capture --buffer-size" | "capture --sample" | "capture --rate-limit" | "capture -c" | "capture --count" | "capture --duration" | "capture --vlan" | "capture --comment" | "capture -C" | "capture --rotate-size" | "capture -G" | "capture --rotate-every" | "capture --rotate-packets" | "capture -W" | "capture --keep-files" | "capture --keep-size" | "capture --keep-free" | "watch --trigger" | "watch --before" | "watch --after" | "watch --max" | "watch --history-size" | "watch --duration" | "watch --incident-size" | "watch --file-size" | "watch --keep-incidents" | "watch --keep-size" | "watch -s" | "watch --snapshot-length" | "watch -B" | "watch --buffer-size" | "watch --vlan" | "watch --publish" | "watch --subject" | "watch --spool-size" | "watch --upload-rate" | "watch --metrics" | "watch --parquet-host" | "top --interval" | "top --rows" | "top -c" | "top --count" | "top --duration" | "top --vlan" | "replay -s" | "replay --snapshot-length" | "replay --sample" | "replay --seed" | "replay --rate-limit" | "replay -c" | "replay --count" | "replay --vlan" | "replay --comment" | "report --vlan" | "export --host" | "query --since" | "query --limit" | "fleet follow --since" | "fleet follow --stream" | "fleet upload --upload-rate" | "fleet upload --host" | "verify --timeout" | "compile --vlan" | "connections -c" | "connections --count" | "connections --duration" | "connections --max-connections" | "connections -B" | "connections --buffer-size" | "connections --interval" | "connections --parquet-host" | "connections --keep-size" | "send --pps" | "send --multiplier" | "send --max-gap" | "send --loop" | "send -c" | "send --count" | "send --cpus" | "service unit --name" | "service check --name" | "extcap run --extcap-interface" | "extcap run --extcap-capture-filter" | "extcap run --extcap-version" | "extcap run --port" | "extcap run --sample" | "extcap run --snapshot-length")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    " -Q" | " --direction" | "capture -Q" | "capture --direction" | "watch -Q" | "watch --direction" | "top -Q" | "top --direction")
      kind=words words_of_value='in out inout' extensions='' separators='' prefix='' from_file=
      ;;
    " --hook" | "capture --hook" | "watch --hook")
      kind=words words_of_value='auto xdp xdp-native xdp-generic tc packet' extensions='' separators='' prefix='' from_file=
      ;;
    " --action" | "capture --action" | "extcap run --action")
      kind=words words_of_value='pass drop' extensions='' separators='' prefix='' from_file=
      ;;
    " -Z" | " --user" | "capture -Z" | "capture --user" | "watch -Z" | "watch --user" | "top -Z" | "top --user" | "replay -Z" | "replay --user" | "report -Z" | "report --user" | "export -Z" | "export --user" | "query -Z" | "query --user" | "fleet follow -Z" | "fleet follow --user" | "fleet fetch -Z" | "fleet fetch --user" | "fleet upload -Z" | "fleet upload --user" | "send -Z" | "send --user")
      kind=user words_of_value='none' extensions='' separators='' prefix='' from_file=
      ;;
    " --port" | " --src-port" | " --dst-port" | " --host" | " --src-host" | " --dst-host" | " --net" | " --src-net" | " --dst-net" | "capture --port" | "capture --src-port" | "capture --dst-port" | "capture --host" | "capture --src-host" | "capture --dst-host" | "capture --net" | "capture --src-net" | "capture --dst-net" | "watch --port" | "watch --src-port" | "watch --dst-port" | "watch --host" | "watch --src-host" | "watch --dst-host" | "watch --net" | "watch --src-net" | "watch --dst-net" | "top --port" | "top --src-port" | "top --dst-port" | "top --host" | "top --src-host" | "top --dst-host" | "top --net" | "top --src-net" | "top --dst-net" | "replay --port" | "replay --src-port" | "replay --dst-port" | "replay --host" | "replay --src-host" | "replay --dst-host" | "replay --net" | "replay --src-net" | "replay --dst-net" | "report --port" | "report --src-port" | "report --dst-port" | "report --host" | "report --src-host" | "report --dst-host" | "report --net" | "report --src-net" | "report --dst-net" | "compile --port" | "compile --src-port" | "compile --dst-port" | "compile --host" | "compile --src-host" | "compile --dst-host" | "compile --net" | "compile --src-net" | "compile --dst-net" | "connections --port" | "connections --host" | "connections --net")
      kind=words words_of_value='' extensions='' separators=',' prefix='' from_file=yes
      ;;
    " --tcp-flags" | "capture --tcp-flags" | "watch --tcp-flags" | "top --tcp-flags" | "replay --tcp-flags" | "report --tcp-flags" | "compile --tcp-flags" | "extcap run --tcp-flags")
      kind=words words_of_value='fin syn rst psh ack urg ece cwr' extensions='' separators=',/' prefix='!' from_file=
      ;;
    " --proto" | "capture --proto" | "watch --proto" | "top --proto" | "replay --proto" | "report --proto" | "compile --proto")
      kind=words words_of_value='tcp udp icmp icmp6 sctp' extensions='' separators=',' prefix='' from_file=yes
      ;;
    " --pid" | "capture --pid" | "connections --pid")
      kind=process words_of_value='' extensions='' separators=',' prefix='' from_file=yes
      ;;
    " --comm" | "capture --comm" | "connections --comm")
      kind=process-name words_of_value='' extensions='' separators=',' prefix='' from_file=yes
      ;;
    " -w" | " --write" | "capture -w" | "capture --write" | "replay -w" | "replay --write")
      kind=file words_of_value='-' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    " --format" | "capture --format" | "replay --format")
      kind=words words_of_value='pcap pcapng' extensions='' separators='' prefix='' from_file=
      ;;
    " --time-stamp-precision" | "capture --time-stamp-precision" | "replay --time-stamp-precision")
      kind=words words_of_value='micro nano' extensions='' separators='' prefix='' from_file=
      ;;
    " --checksum" | "capture --checksum" | "replay --checksum")
      kind=words words_of_value='none repair' extensions='' separators='' prefix='' from_file=
      ;;
    " --compress" | "capture --compress" | "replay --compress")
      kind=words words_of_value='gzip zstd' extensions='' separators='' prefix='' from_file=
      ;;
    " -r" | " --read" | "capture -r" | "capture --read" | "replay --expect")
      kind=file words_of_value='' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    " -z" | " --on-file" | "capture -z" | "capture --on-file" | "watch --on-incident")
      kind=program words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "watch --config")
      kind=file words_of_value='' extensions='yaml|yml' separators='' prefix='' from_file=
      ;;
    "watch -w" | "watch --write" | "watch --parquet" | "export --to" | "fleet follow --to" | "fleet fetch --to" | "connections --parquet" | "extcap install --directory" | "extcap remove --directory" | "extcap status --directory")
      kind=directory words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "watch --tls-ca" | "watch --tls-cert" | "watch --tls-key" | "watch --token-file" | "watch --nkey-file" | "watch --creds" | "replay --anonymize-key" | "report --anonymize-key" | "fleet follow --tls-ca" | "fleet follow --tls-cert" | "fleet follow --tls-key" | "fleet follow --token-file" | "fleet follow --nkey-file" | "fleet follow --creds" | "fleet fetch --tls-ca" | "fleet fetch --tls-cert" | "fleet fetch --tls-key" | "fleet fetch --token-file" | "fleet fetch --nkey-file" | "fleet fetch --creds" | "fleet upload --tls-ca" | "fleet upload --tls-cert" | "fleet upload --tls-key" | "fleet upload --token-file" | "fleet upload --nkey-file" | "fleet upload --creds" | "extcap run --fifo")
      kind=file words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "top --by")
      kind=words words_of_value='src src-net dst dst-port dst+port' extensions='' separators=',' prefix='' from_file=
      ;;
    "top --hook")
      kind=words words_of_value='auto xdp xdp-native xdp-generic tc' extensions='' separators='' prefix='' from_file=
      ;;
    "replay --engine" | "verify --engine")
      kind=words words_of_value='auto kernel user' extensions='' separators='' prefix='' from_file=
      ;;
    "replay --hook" | "verify --hook" | "compile --hook")
      kind=words words_of_value='auto xdp tc' extensions='' separators='' prefix='' from_file=
      ;;
    "report -o" | "report --output")
      kind=file words_of_value='' extensions='html|json|txt' separators='' prefix='' from_file=
      ;;
    "report --mmdb")
      kind=file words_of_value='' extensions='mmdb' separators='' prefix='' from_file=
      ;;
    "export --table")
      kind=words words_of_value='packets seconds connections' extensions='' separators='' prefix='' from_file=
      ;;
    "query --question")
      kind=words words_of_value='floods sources hosts-hit spread incidents' extensions='' separators='' prefix='' from_file=
      ;;
    "verify --reporter")
      kind=words words_of_value='spec tap junit json' extensions='' separators='' prefix='' from_file=
      ;;
    "compile -y" | "compile --link-type")
      kind=words words_of_value='EN10MB RAW NULL LOOP PPP IEEE802_11 IEEE802_11_RADIO LINUX_SLL LINUX_SLL2 IPV4 IPV6' extensions='' separators='' prefix='' from_file=
      ;;
    "connections --namespace")
      kind=words words_of_value='all own' extensions='' separators='' prefix='' from_file=
      ;;
    "connections --summary")
      kind=words words_of_value='process remote' extensions='' separators='' prefix='' from_file=
      ;;
    "send -i" | "send --interface")
      kind=interface words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "send --vary")
      kind=words words_of_value='src-ip src-port' extensions='' separators=',' prefix='' from_file=
      ;;
    "send --engine")
      kind=words words_of_value='auto xdp socket' extensions='' separators='' prefix='' from_file=
      ;;
    "service unit --user" | "service check --user")
      kind=user words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "extcap install --grant")
      kind=group words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    *) return 1 ;;
  esac
}
__ringcap_argument() {
  case "$1 $2" in
    " "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "capture "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "watch "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "top "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "replay 0")
      kind=file words_of_value='' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    "replay "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "report "*)
      kind=file words_of_value='' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    "export "*)
      kind=file words_of_value='' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    "query 0")
      kind=directory words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "query 1")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "fleet follow 0")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "fleet fetch 0")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "fleet fetch 1")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "fleet upload 0")
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "fleet upload "*)
      kind=directory words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "verify "*)
      kind=file words_of_value='' extensions='json|yaml|yml' separators='' prefix='' from_file=
      ;;
    "compile "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "send 0")
      kind=file words_of_value='' extensions='pcap|pcapng|cap|gz|zst' separators='' prefix='' from_file=
      ;;
    "service unit "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "service check "*)
      kind=none words_of_value='' extensions='' separators='' prefix='' from_file=
      ;;
    "completion 0")
      kind=words words_of_value='bash zsh fish' extensions='' separators='' prefix='' from_file=
      ;;
    *) return 1 ;;
  esac
}

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
