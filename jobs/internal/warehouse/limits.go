package warehouse

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// memoryShare is the part of the memory at hand that the engine gets: the rest is for what it does not count, and for this program.
const memoryShare = 0.6

// DefaultLimits returns what this machine or container allows: threads as Go counts them, 60 % of the memory, and 90 % of the space
// that is free for temporary files.
func DefaultLimits(tempDir string) (threads int, memory, temp int64, err error) {
	total, err := memoryTotal("/proc", "/sys/fs/cgroup")
	if err != nil {
		return 0, 0, 0, err
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(tempDir, &fs); err != nil {
		return 0, 0, 0, fmt.Errorf("temporary directory %s: %w", tempDir, err)
	}
	free := int64(fs.Bavail) * fs.Bsize
	return runtime.GOMAXPROCS(0), int64(float64(total) * memoryShare), free / 10 * 9, nil
}

// memoryTotal returns the bytes of memory that this process may use: the machine's, or the smallest limit of the cgroups around it
// (v2 memory.max, v1 memory.limit_in_bytes).
func memoryTotal(proc, cgroup string) (int64, error) {
	total, err := machineMemory(filepath.Join(proc, "meminfo"))
	if err != nil {
		return 0, err
	}
	for _, file := range limitFiles(proc, cgroup) {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the other cgroup version, or no cgroup at all
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if err == nil && limit > 0 && limit < total { // "max" and v1's huge number mean no limit
			total = limit
		}
	}
	return total, nil
}

// limitFiles lists the files that may hold a limit: of the process's own groups and of all above them.
func limitFiles(proc, cgroup string) []string {
	files := []string{filepath.Join(cgroup, "memory.max"), filepath.Join(cgroup, "memory", "memory.limit_in_bytes")}
	text, err := os.ReadFile(filepath.Join(proc, "self", "cgroup"))
	if err != nil {
		return files
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		root, file := cgroup, "memory.max"
		if parts[1] != "" {
			if !strings.Contains(","+parts[1]+",", ",memory,") {
				continue
			}
			root, file = filepath.Join(cgroup, "memory"), "memory.limit_in_bytes"
		}
		for dir := filepath.Clean("/" + parts[2]); dir != "/"; dir = filepath.Dir(dir) {
			files = append(files, filepath.Join(root, dir, file))
		}
	}
	return files
}

func machineMemory(meminfo string) (bytes int64, err error) {
	text, err := os.ReadFile(meminfo)
	if err != nil {
		return 0, fmt.Errorf("memory of the machine: %w", err)
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
