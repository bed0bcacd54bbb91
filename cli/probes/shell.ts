/** The parts of the recording script that are the same for every version. POSIX sh, checked with dash and busybox. */

/**
 * Options, roots (variables, so that the script can be tried on a copy of the trees), small helpers, and what looks at
 * the kernel. `PATCH`, `DAEMON` and `FUNCTIONS`, the names to look up, are set before.
 */
export const OPENING = `set -u
TRACING=\${TRACING:-}
SYS=\${SYS:-/sys}
PROC=\${PROC:-/proc}
BOOT=\${BOOT:-/boot}
MODULES=\${MODULES:-/lib/modules}
DMESG=\${DMESG:-dmesg}
ARCH=\${ARCH:-$(uname -m)}
DIR=
LENGTH=60
BUFFER=65536
COSTLY=0
STREAM=0
TRACE_CMD=0
CLEAN=0
KNOBS=
REST=5
EVENTS=
PROBES=
ENABLED=
RESTORE=
MISSED=0
FOUND=0
WHOLE=1
READER=
RECORDER=
WORK=
MADE=0
OWNING=0
UNDONE=0

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
  -x             remove what a recording that was killed left in tracefs, and do nothing else
Afterwards: kmmcheck validate DIR
END
}

say() {
	printf '%s\\n' "$*" >&2
	if [ -d "$DIR" ]; then { printf '%s\\n' "$*" >>"$DIR/recording.txt"; } 2>/dev/null; fi
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

# line FILE: sets LINE to the first line of the file, without a process of its own; false if there is none to read.
line() {
	LINE=
	{ IFS= read -r LINE <"$1"; } 2>/dev/null || [ -n "$LINE" ]
}

# spoil NAME REASON: a file of the capture is not what it should be.
spoil() {
	[ "$WHOLE" = 0 ] || say "$DIR/$1 is not whole: \${2:-its text ended early}"
	WHOLE=0
}

# copy FILE NAME: false without such a file.
copy() {
	[ -r "$1" ] || return 1
	message=$({ cat "$1" >"$DIR/$2"; } 2>&1) || spoil "$2" "$message"
}

# store NAME COMMAND...: what the command prints.
store() {
	name=$1
	shift
	message=$({ "$@" 2>/dev/null | cat >"$DIR/$name"; } 2>&1) || spoil "$name" "$message"
}

number() {
	case $2 in
	'' | *[!0-9]*) die "-$1 takes a whole number, not '$2'" ;;
	esac
}

while getopts o:t:b:pfck:w:xh option; do
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
	x) CLEAN=1 ;;
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
	[ "$(id -u)" = 0 ] || die "tracefs is not to be seen: run this as root"
	if grep -q ' tracefs ' "$PROC/mounts" 2>/dev/null; then
		die "tracefs is mounted and empty: is the kernel locked down?"
	fi
	die "there is no tracefs: mount -t tracefs nodev /sys/kernel/tracing"
fi
if [ ! -w "$TRACING/tracing_on" ]; then
	die "tracefs may not be written: run this as root, where it is mounted for writing"
fi
if ! line "$TRACING/tracing_on"; then
	die "tracefs may not be read, not even by root: is the kernel locked down?"
fi
was_on=$LINE

OWN=$TRACING/instances/kmmcheck

# Removes all probes of this script, whoever defined them.
remove_probes() {
	sed -n 's/^[a-z][0-9]*:\\(kmmcheck\\/[^ ]*\\) .*/\\1/p' "$TRACING/kprobe_events" 2>/dev/null |
		while read -r name; do
			append "$TRACING/kprobe_events" "-:$name" || say "the kprobe $name cannot be removed: something else uses it"
		done
}

remove_instance() {
	put "$OWN/events/enable" 0
	for again in 1 1 1 0; do
		if rmdir "$OWN" 2>/dev/null; then return; fi
		[ "$again" = 0 ] || sleep 1
	done
	say "$OWN cannot be removed: something still reads it"
}

if [ "$CLEAN" = 1 ]; then
	if [ -e "$OWN" ]; then remove_instance; fi
	remove_probes
	exit 0
fi
if [ -e "$OWN" ] || grep -q ':kmmcheck/' "$TRACING/kprobe_events" 2>/dev/null; then
	die "another recording is under way, or one was killed: sh $0 -x removes what is left of it"
fi

# running: the versions that the kernel's formats and functions may be, nothing if they do not tell.
running() {
	if grep -q 'comm\\[' "$TRACING/events/kmem/kmem_mm_enter/format" 2>/dev/null; then
		echo v0
	elif grep -q msuccess "$TRACING/events/kmem/kmem_scan_mm_migrate/format" 2>/dev/null; then
		echo v3
	elif [ -e "$TRACING/events/kmem/kmem_mm_exit" ]; then
		if offers __kscand_enter; then echo v2; elif offers __kmmscand_enter; then echo "p1 v1"; fi
	fi
}

# functions NAME...: which of these the kernel has. KNOWN is empty if that cannot be told.
functions() {
	names=$(printf '%s|' "$@")
	names="(\${names%|})"
	KNOWN=
	if [ -r "$TRACING/available_filter_functions" ]; then
		KNOWN=$(grep -E "^$names([. ]|\\$)" "$TRACING/available_filter_functions"; echo /)
	fi
	if [ -r "$PROC/kallsyms" ]; then
		KNOWN="$KNOWN
$(grep -E " [tT] $names([.[:space:]]|\\$)" "$PROC/kallsyms" | sed 's/^[^ ]* . //'; echo /)"
	fi
}

# offers FUNCTION
offers() {
	case "
$KNOWN
" in
	*"
$1"[[:space:]]*) ;;
	*) return 1 ;;
	esac
}

# miss WHAT WITHOUT
miss() {
	MISSED=$((MISSED + 1))
	say "missing: $1; not decided without it: $2"
}

# event SYSTEM NAME WITHOUT
event() {
	if [ -e "$TRACING/events/$1/$2/enable" ]; then
		EVENTS="$EVENTS $1/$2"
		if [ "$1" = kmem ]; then FOUND=$((FOUND + 1)); fi
	else
		miss "the event $1:$2, which this kernel does not have" "$3"
	fi
}

# last_error: sets ERROR to why the kernel refused a kprobe last, and when.
last_error() {
	ERROR=
	[ -r "$TRACING/error_log" ] || return 0
	ERROR=$(sed -n 's/^\\(\\[.*\\]\\) trace_kprobe: error: \\(.*\\)/\\1 \\2/p' "$TRACING/error_log" 2>/dev/null | tail -n 1)
}

# registers TEXT: sets ARGUMENTS to the text with this machine's registers in place of A1 to A4.
registers() {
	ARGUMENTS=
	rest=$1
	while :; do
		head=\${rest%%A[1-4]*}
		ARGUMENTS=$ARGUMENTS$head
		[ "$head" != "$rest" ] || return 0
		rest=\${rest#"$head"A}
		case $rest in
		1*) ARGUMENTS=$ARGUMENTS$A1 ;;
		2*) ARGUMENTS=$ARGUMENTS$A2 ;;
		3*) ARGUMENTS=$ARGUMENTS$A3 ;;
		4*) ARGUMENTS=$ARGUMENTS$A4 ;;
		esac
		rest=\${rest#?}
	done
}

# define TYPE NAME FUNCTION ARGUMENTS
define() {
	append "$TRACING/kprobe_events" "$1:kmmcheck/$2 $3 $4" && [ -e "$TRACING/events/kmmcheck/$2/enable" ]
}

# probe NAME TYPE FUNCTION ARGUMENTS WITHOUT; A1 to A4 in ARGUMENTS stand for registers.
probe() {
	if [ -n "$KNOWN" ] && ! offers "$3"; then
		clone=$(printf '%s\\n' "$KNOWN" | grep -F "$3." | grep -v -F "$3.cold" | head -n 1)
		if [ -n "$clone" ]; then
			miss "the kprobe $1: the compiler made $3 into \${clone%%[[:space:]]*}, whose arguments are not known" "$5"
		else
			miss "the kprobe $1: the kernel has no function $3, or it was inlined" "$5"
		fi
		return
	fi
	registers "$4"
	last_error
	before=$ERROR
	# Many tasks may be in a function at once, and a return that finds no room is missed.
	if { [ "$2" = r ] && define r256 "$1" "$3" "$ARGUMENTS"; } || define "$2" "$1" "$3" "$ARGUMENTS"; then
		EVENTS="$EVENTS kmmcheck/$1"
		PROBES="$PROBES $1"
		FOUND=$((FOUND + 1))
	else
		last_error
		[ "$ERROR" != "$before" ] || ERROR="] CONFIG_KPROBE_EVENTS?"
		miss "the kprobe $1: the kernel refuses it (\${ERROR##*] })" "$5"
	fi
}

# undo: tracefs and the knobs as they were.
undo() {
	[ "$UNDONE" = 0 ] || return
	UNDONE=1
	for name in $ENABLED; do
		put "$BUFFERS/events/$name/enable" 0
	done
	if [ "$OWNING" = 1 ]; then
		[ ! -e "$OWN" ] || remove_instance
		# Up to Linux 6.5 a buffer of our own takes from the common one that it grows on first use.
		line "$TRACING/buffer_size_kb"
		if [ "$was_buffer" = "$LINE (expanded: $was_size)" ]; then
			put "$TRACING/buffer_size_kb" "$was_size"
		fi
	elif [ -n "$was_clock" ]; then
		put "$TRACING/tracing_on" 0
		put "$TRACING/trace" ""
		put "$TRACING/buffer_size_kb" "$was_size"
		put "$TRACING/trace_clock" "$was_clock"
		put "$TRACING/options/hash-ptr" "$was_hashed"
		put "$TRACING/tracing_on" "$was_on"
	fi
	remove_probes
	for setting in $RESTORE; do
		put "$SYS/kernel/mm/$DAEMON/\${setting%%=*}" "\${setting#*=}" ||
			say "the knob \${setting%%=*} cannot be set back to \${setting#*=}"
	done
}

# Ends the command with all it started, by force after ten seconds.
end_work() {
	[ -n "$WORK" ] || return
	kill -s TERM -- "-$WORK" 2>/dev/null || kill -s TERM "$WORK" 2>/dev/null
	for again in 1 1 1 1 1 1 1 1 1 1; do
		kill -s 0 "$WORK" 2>/dev/null || break
		sleep "$again"
	done
	kill -s KILL -- "-$WORK" 2>/dev/null
	wait "$WORK" 2>/dev/null
	WORK=
}

# stopped SIGNAL STATUS
stopped() {
	trap '' INT TERM HUP PIPE
	end_work
	say "stopped by $1"
	if [ "$MADE" = 1 ]; then
		finish
	else
		rm -r "$DIR"
	fi
	exit "$2"
}

# shellcheck disable=SC2086 # names of functions
functions $FUNCTIONS
VERSIONS=$(running)
case " $VERSIONS " in
"  " | *" $PATCH "*) ;;
*)
	die "this kernel runs $(printf '%s' "$VERSIONS" | sed 's/ / or /'), and this script is for $PATCH: kmmcheck probes --patch \${VERSIONS##* }"
	;;
esac

[ -n "$DIR" ] || DIR=capture-$(date +%Y%m%d-%H%M%S)
if [ -e "$DIR" ]; then die "$DIR is there already"; fi
if ! message=$(mkdir -p "$DIR/formats" 2>&1); then
	message=\${message##*: }
	die "the directory $DIR cannot be made: \${message:-unknown reason}"
fi

BUFFERS=$TRACING
was_clock=
trap undo EXIT
trap 'stopped SIGINT 130' INT
trap 'stopped SIGTERM 143' TERM
trap 'stopped SIGHUP 129' HUP
trap 'stopped SIGPIPE 141' PIPE

# A buffer of our own, where the kernel has them, so that nobody else's tracing is disturbed.
line "$TRACING/buffer_size_kb"
was_buffer=$LINE
was_size=\${was_buffer##*expanded: }
was_size=\${was_size%%[!0-9]*}
[ "$TRACE_CMD" = 1 ] || OWNING=1
if [ "$OWNING" = 1 ] && mkdir "$OWN" 2>/dev/null; then
	if [ -e "$OWN/trace" ]; then
		BUFFERS=$OWN
	else
		rmdir "$OWN"
	fi
fi
if [ "$BUFFERS" = "$TRACING" ]; then
	OWNING=0
	line "$TRACING/trace_clock"
	was_clock=\${LINE#*\\[}
	was_clock=\${was_clock%%\\]*}
	line "$TRACING/options/hash-ptr"
	was_hashed=$LINE
fi

case $ARCH in
x86_64) A1=%di A2=%si A3=%dx A4=%cx ;;
aarch64 | arm64) A1=%x0 A2=%x1 A3=%x2 A4=%x3 ;;
*)
	# shellcheck disable=SC2016 # words of kprobe_events
	A1='$arg1' A2='$arg2' A3='$arg3' A4='$arg4'
	;;
esac
`;

/** What happens before, while and after recording. */
export const BODY = `
if [ "$FOUND" = 0 ]; then
	say "this kernel has nothing of $DAEMON, neither events nor functions: is it the one with the patches?"
fi

knobs() {
	for file in "$SYS/kernel/mm/$DAEMON"/*; do
		if [ -f "$file" ]; then
			line "$file"
			printf '%s %s\\n' "$file" "$LINE"
		fi
	done
}

# snapshot before|after
snapshot() {
	copy "$PROC/vmstat" "vmstat.$1" || say "no $PROC/vmstat: A01, A02 and C01 are not decided"
	copy "$PROC/uptime" "uptime.$1"
	store "knobs.$1" knobs
	for folder in "$BUFFERS"/per_cpu/cpu*; do
		copy "$folder/stats" "stats.cpu\${folder##*/cpu}.$1"
	done
}

sysinfo() {
	uname -a
	cat "$PROC/cmdline"
	for file in "$SYS"/devices/virtual/memory_tiering/memory_tier*/nodelist; do
		if [ -f "$file" ]; then
			line "$file"
			printf '%s: %s\\n' "$file" "$LINE"
		fi
	done
	nodes=$SYS/devices/system/node
	if [ -r "$nodes/has_cpu" ]; then
		line "$nodes/has_cpu"
		cpus=$LINE
		line "$nodes/has_memory"
		printf 'has_cpu: %s has_memory: %s\\n' "$cpus" "$LINE"
	fi
}

settings() {
	release=$(uname -r)
	if [ -r "$PROC/config.gz" ]; then
		gzip -dc <"$PROC/config.gz"
	else
		for file in "$BOOT/config-$release" "$MODULES/$release/config" "$MODULES/$release/build/.config"; do
			if [ -r "$file" ]; then
				cat "$file"
				break
			fi
		done
	fi | grep -E '^CONFIG_(HZ|NUMA|MEMCG|PAGE_IDLE_FLAG|PREEMPT[A-Z_]*|K(MM)?SCAND)='
}

describe() {
	store sysinfo.txt sysinfo
	store config settings
	[ -s "$DIR/config" ] || say "the kernel's configuration is not to be found: times are judged as with HZ=100"
	for name in $EVENTS; do
		copy "$TRACING/events/$name/format" "formats/\${name%/*}.\${name#*/}.format"
	done
	copy "$TRACING/kprobe_events" kprobe_events.txt
}

mark() {
	put "$BUFFERS/trace_marker" "kmmcheck: $1" || append "$TRACING/trace_marker" "kmmcheck: $1"
}

# knob NAME=VALUE
knob() {
	name=\${1%%=*}
	value=\${1#*=}
	file=$SYS/kernel/mm/$DAEMON/$name
	if ! line "$file"; then
		say "there is no knob $name"
		return
	fi
	old=$LINE
	case $RESTORE in
	*" $name="*) ;;
	*) RESTORE="$RESTORE $name=$old" ;;
	esac
	mark "set $name=$value old=$old"
	put "$file" "$value"
	rc=$?
	line "$file"
	mark "done $name rc=$rc now=$LINE"
}

choose_clock() {
	CLOCK=
	line "$BUFFERS/trace_clock"
	for clock in boot mono global; do
		case " $LINE " in
		*" $clock "* | *" [$clock] "*) ;;
		*) continue ;;
		esac
		if put "$BUFFERS/trace_clock" "$clock"; then
			CLOCK=$clock
			return
		fi
	done
	say "no clock that all CPUs share can be set: order and times of different CPUs may disagree"
}

# The largest buffer up to the one asked for that the kernel grants.
choose_buffer() {
	size=$BUFFER
	until put "$BUFFERS/buffer_size_kb" "$size"; do
		size=$((size / 2))
		if [ "$size" = 0 ]; then
			say "the size of the buffer cannot be set"
			return
		fi
	done
	[ "$size" = "$BUFFER" ] || say "the kernel grants a buffer of $size KiB for each CPU, not $BUFFER"
}

# Records that are still in the buffers.
waiting() {
	sum=0
	for folder in "$BUFFERS"/per_cpu/cpu*; do
		count=$(sed -n 's/^entries: *//p' "$folder/stats" 2>/dev/null)
		sum=$((sum + \${count:-0}))
	done
	echo "$sum"
}

# Lets the reader of trace_pipe come to the end, as long as it gets on.
drain() {
	left=$(waiting)
	sleep 1
	while now=$(waiting) && [ "$now" -gt 0 ] && [ "$now" -lt "$left" ]; do
		left=$now
		sleep 1
	done
	kill "$READER" 2>/dev/null
	wait "$READER" 2>/dev/null
	status=$?
	case $status in
	0 | 143) ;;
	*) spoil trace_pipe.txt "its reader has failed; is the disk full?" ;;
	esac
	[ "$now" = 0 ] || spoil trace_pipe.txt "$now records stayed in the buffers"
}

# Hits that no record was made of: events are lost, though no buffer tells.
profile() {
	sed -n 's/^ *\\([^ ]*\\) *\\([0-9][0-9]*\\) *\\([0-9][0-9]*\\)$/\\1 \\2 \\3/p' "$TRACING/kprobe_profile" 2>/dev/null |
		while read -r name hits missed; do
			case " $PROBES " in
			*" $name "*) printf '%s %s %s\\n' "$name" "$hits" "$missed" ;;
			esac
		done
}

finish() {
	trap '' INT TERM HUP PIPE
	stop_recorder
	# All at once: events disabled one by one would leave halves of pairs at the end.
	put "$BUFFERS/tracing_on" 0
	for name in $ENABLED; do
		put "$BUFFERS/events/$name/enable" 0
	done
	store kprobe_profile.txt profile
	snapshot after
	if [ -n "$READER" ]; then
		drain
	elif [ "$TRACE_CMD" = 1 ]; then
		if [ -s "$DIR/trace.dat" ]; then
			store trace-cmd.report.txt trace-cmd report -t -i "$DIR/trace.dat"
			[ -s "$DIR/trace-cmd.report.txt" ] || say "trace-cmd report has failed"
		fi
	else
		copy "$BUFFERS/trace" trace.txt
		[ -s "$DIR/trace.txt" ] || spoil trace.txt "the trace cannot be read"
	fi
	undo
	# shellcheck disable=SC2086 # a command with its arguments
	store dmesg.txt $DMESG
	[ "$WHOLE" = 0 ] || [ -s "$DIR/dmesg.txt" ] || say "the kernel log cannot be read: K01 is not decided"
	if grep -Eq '^(overrun|commit overrun|dropped events): *[1-9]' "$DIR"/stats.cpu*.after 2>/dev/null; then
		say "the buffer was too small: events are lost. Record anew with a larger -b, or with -p"
	fi
	while read -r name hits missed; do
		[ "$missed" = 0 ] || say "the kprobe $name missed $missed of $((hits + missed)) hits"
	done <"$DIR/kprobe_profile.txt"
	if [ "$WHOLE" = 0 ]; then
		say "the capture in $DIR is not whole"
		return 1
	fi
	say "recorded into $DIR, $MISSED things missing. Now: kmmcheck validate $DIR"
}

# work COMMAND...: in a process group of its own, so that it can be ended as a whole.
work() {
	if command -v setsid >/dev/null 2>&1; then
		(exec 3<&0) 2>/dev/null || exec </dev/null
		exec 3<&0
		setsid "$@" <&3 3<&- &
		exec 3<&-
		WORK=$!
		wait "$WORK"
		status=$?
		WORK=
	else
		"$@"
		status=$?
	fi
}

describe
snapshot before
if [ "$WHOLE" = 0 ]; then
	say "nothing was recorded"
	exit 1
fi
MADE=1

# carry_out COMMAND...: what is recorded; without one, the time that -t gives.
carry_out() {
	if [ $# -gt 0 ]; then
		work "$@"
		[ "$status" = 0 ] || say "the command ended with $status"
	else
		work sleep "$LENGTH"
	fi
}

# Starts trace-cmd, and returns when it records; false if it ends before.
start_recorder() {
	set --
	for name in $EVENTS; do
		set -- "$@" -e "\${name%/*}:\${name#*/}"
	done
	ENABLED=$EVENTS
	trace-cmd record -q -b "$BUFFER" -C mono -o "$DIR/trace.dat" "$@" >"$DIR/trace-cmd.record.log" 2>&1 </dev/null &
	RECORDER=$!
	until [ -e "$DIR/trace.dat.cpu0" ] && line "$TRACING/tracing_on" && [ "$LINE" = 1 ]; do
		kill -s 0 "$RECORDER" 2>/dev/null || return 1
		sleep 1
	done
}

# trace-cmd writes its file when it is interrupted.
stop_recorder() {
	[ -n "$RECORDER" ] || return
	kill -s INT "$RECORDER" 2>/dev/null
	wait "$RECORDER"
	status=$?
	RECORDER=
	[ "$status" = 0 ] || spoil trace.dat "trace-cmd record ended with $status, see trace-cmd.record.log"
	[ -s "$DIR/trace.dat" ] || spoil trace.dat "trace-cmd record has written none, see trace-cmd.record.log"
}

if [ "$TRACE_CMD" = 1 ]; then
	if start_recorder; then
		say "recording with trace-cmd"
		carry_out "$@"
	fi
	finish
	exit
fi

put "$BUFFERS/tracing_on" 0
choose_clock
choose_buffer
put "$BUFFERS/trace" ""
# The same pointer in events and in kprobes.
put "$BUFFERS/options/hash-ptr" 0
for name in $EVENTS; do
	line "$BUFFERS/events/$name/enable"
	[ "$LINE" != 1 ] || continue
	if put "$BUFFERS/events/$name/enable" 1; then
		ENABLED="$ENABLED $name"
	else
		miss "the event $name, which cannot be enabled" "what it is for"
	fi
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
carry_out "$@"
if [ $# -gt 0 ]; then mark "end command=$status"; else mark "end"; fi
finish
`;
