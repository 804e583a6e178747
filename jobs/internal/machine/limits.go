// Package machine finds what a process may use of the machine or container: memory, CPUs and room for temporary files.
package machine

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// The engine gets a share of the available memory. The rest, at least beside bytes, is for memory that the engine does not count and for this
// program, so that small containers do not kill the run; but the engine needs at least a quarter. The rest in use is mostly up to 256 MB;
// with 1.5 million customers in one file of text, one run in five took up to 340 MB.
const (
	memoryShare = 0.6
	leastShare  = 0.25
	beside      = 448 << 20
)

// engineMemory is the engine's part of so many bytes of memory.
func engineMemory(total int64) int64 {
	share := func(of float64) int64 { return int64(float64(total) * of) }
	return max(share(leastShare), min(share(memoryShare), total-beside))
}

// Limits are what an engine may use of the machine.
type Limits struct {
	Threads     int
	MemoryLimit int64 // bytes; the process needs up to 256 MB more
	TempDir     string
	MaxTemp     int64 // bytes of temporary files
}

// Complete fills in what is 0 by what this machine or container allows: a thread for each CPU, 60 % of the memory (less where that leaves no
// 448 MiB), and 90 % of the space that is free for temporary files.
func (l Limits) Complete() (Limits, error) {
	if l.MemoryLimit == 0 {
		total, err := memoryTotal("/proc", "/sys/fs/cgroup")
		if err != nil {
			return l, err
		}
		l.MemoryLimit = engineMemory(total)
	}
	if l.MaxTemp == 0 {
		free, err := FreeSpace(l.TempDir)
		if err != nil {
			return l, err
		}
		l.MaxTemp = free / 10 * 9
	}
	if l.Threads == 0 {
		l.Threads = cpus("/proc", "/sys/fs/cgroup", runtime.GOMAXPROCS(0))
	}
	return l, nil
}

// FreeSpace returns the bytes that are free in a folder of temporary files.
func FreeSpace(dir string) (int64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, fmt.Errorf("temporary directory %s: %w", dir, err)
	}
	return int64(fs.Bavail) * fs.Bsize, nil
}

// memoryTotal returns the bytes of memory that this process may use: the machine's, or the smallest limit of the cgroups around it
// (v2 memory.max, v1 memory.limit_in_bytes).
func memoryTotal(proc, cgroup string) (int64, error) {
	total, err := machineMemory(filepath.Join(proc, "meminfo"))
	if err != nil {
		return 0, err
	}
	v2, v1 := groups(proc, cgroup, "memory")
	limits := append(contents(v2, "memory.max"), contents(v1, "memory.limit_in_bytes")...)
	for _, text := range limits {
		limit, err := strconv.ParseInt(text, 10, 64)
		if err == nil && limit > 0 && limit < total { // "max" and v1's huge number mean no limit
			total = limit
		}
	}
	return total, nil
}

// cpus returns how many CPUs this process keeps busy at most: the available ones, or the smallest quota of the cgroups around it, rounded up (v2
// cpu.max, v1 cpu.cfs_quota_us by cpu.cfs_period_us). What Go counts is never less than two where there is a quota.
func cpus(proc, cgroup string, atHand int) int {
	v2, v1 := groups(proc, cgroup, "cpu")
	quotas := append(contents(v2, "cpu.max"), contents(v1, "cpu.cfs_quota_us", "cpu.cfs_period_us")...)
	for _, text := range quotas {
		var quota, period int
		if _, err := fmt.Sscan(text, &quota, &period); err == nil && quota > 0 && period > 0 { // "max" and v1's -1 mean no limit
			atHand = min(atHand, (quota-1)/period+1)
		}
	}
	return atHand
}

// contents returns what the files of each folder hold, with a space between them. A folder that lacks one is left out: it belongs to the
// other version of cgroups, or has no such limit.
func contents(dirs []string, names ...string) (texts []string) {
	for _, dir := range dirs {
		var parts []string
		for _, name := range names {
			if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
				parts = append(parts, strings.TrimSpace(string(text)))
			}
		}
		if len(parts) == len(names) {
			texts = append(texts, strings.Join(parts, " "))
		}
	}
	return texts
}

// groups lists the folders that may hold a limit, by the version of cgroups: of the process's own groups, of all above them, and what a
// container sees as the root.
func groups(proc, cgroup, controller string) (v2, v1 []string) {
	v2, v1 = []string{cgroup}, []string{filepath.Join(cgroup, controller)}
	text, err := os.ReadFile(filepath.Join(proc, "self", "cgroup"))
	if err != nil {
		return v2, v1
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		for dir := filepath.Clean("/" + parts[2]); dir != "/"; dir = filepath.Dir(dir) {
			switch {
			case parts[1] == "":
				v2 = append(v2, filepath.Join(cgroup, dir))
			case strings.Contains(","+parts[1]+",", ","+controller+","):
				v1 = append(v1, filepath.Join(cgroup, controller, dir))
			}
		}
	}
	return v2, v1
}

func machineMemory(meminfo string) (bytes int64, err error) {
	text, err := os.ReadFile(meminfo)
	if err != nil {
		return 0, fmt.Errorf("memory of the machine: %w; say with --memory-limit how much may be used", err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) >= 2 && fields[0] == "MemTotal:" {
			kb, err := strconv.ParseInt(fields[1], 10, 64)
			if err != nil {
				return 0, fmt.Errorf("memory of the machine: %w", err)
			}
			return kb * 1024, nil
		}
	}
	return 0, fmt.Errorf("memory of the machine: %s has no MemTotal", meminfo)
}
