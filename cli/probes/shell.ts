/** The parts of the recording script that are the same for every version. POSIX sh, checked with dash and busybox. */

/** Options, roots (variables, so that the script can be tried on a copy of the trees), and small helpers. */
export const OPENING = `set -u
TRACING=\${TRACING:-}
SYS=\${SYS:-/sys}
PROC=\${PROC:-/proc}
BOOT=\${BOOT:-/boot}
DMESG=\${DMESG:-dmesg}
ARCH=\${ARCH:-$(uname -m)}
DIR=
LENGTH=60
BUFFER=65536
COSTLY=0
STREAM=0
TRACE_CMD=0
KNOBS=
REST=5
EVENTS=
PROBES=
RESTORE=
MISSED=0
FINISHED=0
READER=

usage() {
	cat <<'END'
usage: sh SCRIPT [options] [COMMAND [ARGUMENT...]]
Records while COMMAND runs, or for a number of seconds, into a new directory.
  -o DIR         directory to make (default: capture-DATE)
  -t SECONDS     how long without a COMMAND (default: 60)
  -b KB          buffer for each CPU in KiB (default: 65536)
  -p             write trace_pipe to a file while recording: no limit of length
  -f             look at every page-table entry as well; costly, needs a large buffer
  -c             record with trace-cmd
  -k NAME=VALUE  write this knob while recording, with marks around it (repeatable)
  -w SECONDS     rest after each knob (default: 5)
Afterwards: kmmcheck validate DIR
END
}

say() {
	printf '%s\\n' "$*" >&2
	if [ -d "$DIR" ]; then printf '%s\\n' "$*" >>"$DIR/recording.txt"; fi
}

die() {
	say "$0: $*"
	exit 2
}

# put FILE TEXT: a refusal is told by the return value only.
put() {
	{ printf '%s\\n' "$2" >"$1"; } 2>/dev/null
}

append() {
	{ printf '%s\\n' "$2" >>"$1"; } 2>/dev/null
}

copy() {
	{ cat "$1" >"$2"; } 2>/dev/null
}

number() {
	case $2 in
	'' | *[!0-9]*) die "-$1 takes a whole number, not '$2'" ;;
	esac
}

while getopts o:t:b:pfck:w:h option; do
	case $option in
	o) DIR=$OPTARG ;;
	t) number t "$OPTARG" && LENGTH=$OPTARG ;;
	b) number b "$OPTARG" && BUFFER=$OPTARG ;;
	p) STREAM=1 ;;
	f) COSTLY=1 ;;
	c) TRACE_CMD=1 ;;
	k)
		case $OPTARG in
		*[[:space:]]*) die "-k takes a value without blanks, not '$OPTARG'" ;;
		[a-z_]*=*) KNOBS="$KNOBS $OPTARG" ;;
		*) die "-k takes NAME=VALUE, not '$OPTARG'" ;;
		esac
		;;
	w) number w "$OPTARG" && REST=$OPTARG ;;
	h)
		usage
		exit 0
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done
shift $((OPTIND - 1))

if [ "$TRACE_CMD" = 1 ] && [ -n "$KNOBS$(test "$STREAM" = 0 || echo p)" ]; then
	die "-c goes neither with -k nor with -p"
fi
if [ "$TRACE_CMD" = 1 ] && ! command -v trace-cmd >/dev/null 2>&1; then
	die "there is no trace-cmd; without -c tracefs alone is used"
fi

if [ -z "$TRACING" ]; then
	for place in "$SYS/kernel/tracing" "$SYS/kernel/debug/tracing"; do
		if [ -e "$place/trace" ]; then
			TRACING=$place
			break
		fi
	done
fi
if [ ! -e "$TRACING/trace" ]; then
	die "there is no tracefs: mount -t tracefs nodev /sys/kernel/tracing"
fi
if [ ! -w "$TRACING/tracing_on" ]; then
	die "tracefs may not be written: run this as root"
fi

[ -n "$DIR" ] || DIR=capture-$(date +%Y%m%d-%H%M%S)
if [ -e "$DIR" ]; then die "$DIR is there already"; fi
mkdir -p "$DIR/formats" || exit 2

# A buffer of our own, where the kernel has them, so that nobody else's tracing is disturbed.
BUFFERS=$TRACING
if [ "$TRACE_CMD" = 0 ] && mkdir "$TRACING/instances/kmmcheck" 2>/dev/null; then
	if [ -e "$TRACING/instances/kmmcheck/trace" ]; then
		BUFFERS=$TRACING/instances/kmmcheck
	else
		rmdir "$TRACING/instances/kmmcheck"
	fi
fi

case $ARCH in
x86_64) A1=%di A2=%si A3=%dx A4=%cx ;;
aarch64 | arm64) A1=%x0 A2=%x1 A3=%x2 A4=%x3 ;;
*)
	# shellcheck disable=SC2016 # words of kprobe_events
	A1='$arg1' A2='$arg2' A3='$arg3' A4='$arg4'
	;;
esac

# miss WHAT WITHOUT
miss() {
	MISSED=$((MISSED + 1))
	say "missing: $1; not decided without it: $2"
}

# event SYSTEM NAME WITHOUT
event() {
	if [ -e "$TRACING/events/$1/$2/enable" ]; then
		EVENTS="$EVENTS $1/$2"
	else
		miss "the event $1:$2, which this kernel does not have" "$3"
	fi
}

# has FUNCTION: unknown counts as yes, then the kernel decides.
has() {
	if [ -r "$TRACING/available_filter_functions" ]; then
		grep -Eq "^$1( |\\$)" "$TRACING/available_filter_functions"
	elif [ -r "$PROC/kallsyms" ]; then
		grep -Eq " [tT] $1(\\$|[[:space:]])" "$PROC/kallsyms"
	fi
}

# probe NAME TYPE FUNCTION ARGUMENTS WITHOUT; A1 to A4 in ARGUMENTS stand for registers.
probe() {
	if ! has "$3"; then
		miss "the kprobe $1: the kernel has no function $3, or it was inlined" "$5"
		return
	fi
	arguments=$(printf '%s\\n' "$4" | sed "s/A1/$A1/g; s/A2/$A2/g; s/A3/$A3/g; s/A4/$A4/g")
	append "$TRACING/kprobe_events" "-:kmmcheck/$1"
	if append "$TRACING/kprobe_events" "$2:kmmcheck/$1 $3 $arguments" &&
		[ -e "$TRACING/events/kmmcheck/$1/enable" ]; then
		EVENTS="$EVENTS kmmcheck/$1"
		PROBES="$PROBES $1"
	else
		miss "the kprobe $1: the kernel refuses it (CONFIG_KPROBE_EVENTS?)" "$5"
	fi
}
`;

/** What happens before, while and after recording. `DAEMON` is set in between. */
export const BODY = `
# snapshot before|after
snapshot() {
	copy "$PROC/vmstat" "$DIR/vmstat.$1" || say "no $PROC/vmstat: A01, A02 and C01 are not decided"
	copy "$PROC/uptime" "$DIR/uptime.$1"
	for file in "$SYS/kernel/mm/$DAEMON"/*; do
		if [ -f "$file" ]; then printf '%s %s\\n' "$file" "$(cat "$file")"; fi
	done >"$DIR/knobs.$1"
	for folder in "$BUFFERS"/per_cpu/cpu*; do
		copy "$folder/stats" "$DIR/stats.cpu\${folder##*/cpu}.$1"
	done
}

describe() {
	{
		uname -a
		cat "$PROC/cmdline" 2>/dev/null
		for file in "$SYS"/devices/virtual/memory_tiering/memory_tier*/nodelist; do
			if [ -f "$file" ]; then printf '%s: %s\\n' "$file" "$(cat "$file")"; fi
		done
		nodes=$SYS/devices/system/node
		if [ -r "$nodes/has_cpu" ]; then
			printf 'has_cpu: %s has_memory: %s\\n' "$(cat "$nodes/has_cpu")" "$(cat "$nodes/has_memory")"
		fi
	} >"$DIR/sysinfo.txt"
	if [ -r "$PROC/config.gz" ]; then
		gzip -dc <"$PROC/config.gz" 2>/dev/null
	else
		cat "$BOOT/config-$(uname -r)" 2>/dev/null
	fi | grep -E '^CONFIG_(HZ|NUMA|MEMCG|PAGE_IDLE_FLAG|PREEMPT[A-Z_]*|K?MM?SCAND?)=' >"$DIR/config"
	[ -s "$DIR/config" ] || say "the kernel's configuration is not to be found: times are judged as with HZ=100"
	for name in $EVENTS; do
		copy "$TRACING/events/$name/format" "$DIR/formats/\${name%/*}.\${name#*/}.format"
	done
	copy "$TRACING/kprobe_events" "$DIR/kprobe_events.txt"
}

mark() {
	put "$BUFFERS/trace_marker" "kmmcheck: $1" || append "$TRACING/trace_marker" "kmmcheck: $1"
}

# knob NAME=VALUE
knob() {
	name=\${1%%=*}
	value=\${1#*=}
	file=$SYS/kernel/mm/$DAEMON/$name
	if ! old=$(cat "$file" 2>/dev/null); then
		say "there is no knob $name"
		return
	fi
	case $RESTORE in
	*" $name="*) ;;
	*) RESTORE="$RESTORE $name=$old" ;;
	esac
	mark "set $name=$value old=$old"
	put "$file" "$value"
	rc=$?
	mark "done $name rc=$rc now=$(cat "$file")"
}

choose_clock() {
	CLOCK=
	for clock in boot mono global; do
		if grep -qw "$clock" "$BUFFERS/trace_clock" && put "$BUFFERS/trace_clock" "$clock"; then
			CLOCK=$clock
			return
		fi
	done
	say "no clock that all CPUs share can be set: order and times of different CPUs may disagree"
}

finish() {
	[ "$FINISHED" = 0 ] || return
	FINISHED=1
	put "$BUFFERS/tracing_on" 0
	snapshot after
	if [ -n "$READER" ]; then
		sleep 1
		kill "$READER" 2>/dev/null
		wait "$READER" 2>/dev/null
	elif [ "$TRACE_CMD" = 1 ]; then
		trace-cmd report -t -i "$DIR/trace.dat" >"$DIR/trace-cmd.report.txt" || say "trace-cmd report has failed"
	else
		copy "$BUFFERS/trace" "$DIR/trace.txt" || say "the trace cannot be read"
	fi
	for name in $EVENTS; do
		put "$BUFFERS/events/$name/enable" 0
	done
	if [ "$BUFFERS" != "$TRACING" ]; then rmdir "$BUFFERS"; fi
	for name in $PROBES; do
		append "$TRACING/kprobe_events" "-:kmmcheck/$name"
	done
	for setting in $RESTORE; do
		put "$SYS/kernel/mm/$DAEMON/\${setting%%=*}" "\${setting#*=}"
	done
	$DMESG >"$DIR/dmesg.txt" 2>/dev/null || say "the kernel log cannot be read: K01 is not decided"
	if grep -Eq '^(overrun|commit overrun|dropped events): *[1-9]' "$DIR"/stats.cpu*.after 2>/dev/null; then
		say "the buffer was too small: events are lost. Record anew with a larger -b, or with -p"
	fi
	say "recorded into $DIR, $MISSED things missing. Now: kmmcheck validate $DIR"
}

describe
trap 'finish; exit 130' INT TERM
snapshot before

if [ "$TRACE_CMD" = 1 ]; then
	[ $# -gt 0 ] || set -- sleep "$LENGTH"
	command=$*
	for name in $EVENTS; do
		set -- -e "\${name%/*}:\${name#*/}" "$@"
	done
	say "recording with trace-cmd: $command"
	trace-cmd record -q -b "$BUFFER" -C mono -o "$DIR/trace.dat" "$@" >"$DIR/trace-cmd.record.log" 2>&1 ||
		say "trace-cmd record has failed: see trace-cmd.record.log"
	finish
	exit 0
fi

put "$BUFFERS/tracing_on" 0
choose_clock
put "$BUFFERS/buffer_size_kb" "$BUFFER" || say "the buffer cannot be made $BUFFER KiB large"
put "$BUFFERS/trace" ""
for name in $EVENTS; do
	put "$BUFFERS/events/$name/enable" 1 || miss "the event $name, which cannot be enabled" "what it is for"
done
if [ "$STREAM" = 1 ]; then
	cat "$BUFFERS/trace_pipe" >"$DIR/trace_pipe.txt" 2>/dev/null &
	READER=$!
fi
put "$BUFFERS/tracing_on" 1
mark "start clock=\${CLOCK:-unknown}"
say "recording"
for setting in $KNOBS; do
	knob "$setting"
	sleep "$REST"
done
if [ $# -gt 0 ]; then
	"$@"
	status=$?
	mark "end command=$status"
else
	sleep "$LENGTH"
	mark "end"
fi
finish
`;
