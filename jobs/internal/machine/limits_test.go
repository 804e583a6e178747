package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const gib = 1 << 30

func TestEngineMemory(t *testing.T) {
	const mib = 1 << 20
	for total, want := range map[int64]int64{10 * gib: 6 * gib, 1000 * mib: 552 * mib, 768 * mib: 320 * mib, 640 * mib: 192 * mib, 512 * mib: 128 * mib, 400 * mib: 100 * mib, 256 * mib: 64 * mib, 4: 1} {
		if got := engineMemory(total); got != want {
			t.Errorf("of %d bytes the engine gets %d, want %d", total, got, want)
		}
	}
}

func TestMemoryTotal(t *testing.T) {
	const meminfo = "MemTotal:       16777216 kB\nMemFree:         1000 kB\n" // 16 GiB
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"no cgroup", nil, 16 * gib},
		{"v2 root", map[string]string{"cg/memory.max": "4294967296\n"}, 4 * gib},
		{"v2 no limit", map[string]string{"cg/memory.max": "max\n", "proc/self/cgroup": "0::/\n"}, 16 * gib},
		{"v2 own group", map[string]string{"proc/self/cgroup": "0::/app.slice/run\n", "cg/app.slice/run/memory.max": "1073741824\n"}, 1 * gib},
		{"v2 a group above", map[string]string{"proc/self/cgroup": "0::/app.slice/run\n", "cg/app.slice/run/memory.max": "max\n", "cg/app.slice/memory.max": "2147483648\n"}, 2 * gib},
		{"v2 the smallest", map[string]string{
			"proc/self/cgroup": "0::/a/b\n", "cg/a/b/memory.max": "3221225472\n", "cg/a/memory.max": "2147483648\n", "cg/memory.max": "8589934592\n",
		}, 2 * gib},
		{"v2 more than the machine", map[string]string{"cg/memory.max": "1099511627776\n"}, 16 * gib},
		{"v1 root", map[string]string{"cg/memory/memory.limit_in_bytes": "4294967296\n"}, 4 * gib},
		{"v1 no limit", map[string]string{"cg/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 16 * gib},
		{"v1 own group", map[string]string{
			"proc/self/cgroup": "12:cpu,cpuacct:/docker/x\n5:memory:/docker/x\n1:name=systemd:/docker/x\n", "cg/memory/docker/x/memory.limit_in_bytes": "1073741824\n",
		}, 1 * gib},
		{"v1 several controllers", map[string]string{
			"proc/self/cgroup": "4:hugetlb,memory:/pod\n", "cg/memory/pod/memory.limit_in_bytes": "536870912\n",
		}, gib / 2},
		{"v1 group of another controller", map[string]string{
			"proc/self/cgroup": "4:memorystuff:/pod\n5:cpu:/pod\n", "cg/memory/pod/memory.limit_in_bytes": "536870912\n",
		}, 16 * gib},
		{"both", map[string]string{
			"proc/self/cgroup": "5:memory:/m\n0::/u\n", "cg/memory/m/memory.limit_in_bytes": "3221225472\n", "cg/u/memory.max": "2147483648\n",
		}, 2 * gib},
		{"rubbish", map[string]string{"proc/self/cgroup": "rubbish\n::\n0:/\n", "cg/memory.max": "lots\n", "cg/memory/memory.limit_in_bytes": "-1\n"}, 16 * gib},
		{"path with dots", map[string]string{"proc/self/cgroup": "0::/../../x\n", "cg/x/memory.max": "1073741824\n"}, 1 * gib},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			save(t, meminfo, root, "proc", "meminfo")
			for name, data := range c.files {
				save(t, data, root, name)
			}
			got, err := memoryTotal(filepath.Join(root, "proc"), filepath.Join(root, "cg"))
			if err != nil || got != c.want {
				t.Errorf("memoryTotal = %d, %v, want %d", got, err, c.want)
			}
		})
	}
}

func TestCPUs(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  int
	}{
		{"no cgroup", nil, 8},
		{"v2 root", map[string]string{"cg/cpu.max": "400000 100000\n"}, 4},
		{"v2 no limit", map[string]string{"cg/cpu.max": "max 100000\n", "proc/self/cgroup": "0::/\n"}, 8},
		{"v2 one CPU", map[string]string{"cg/cpu.max": "100000 100000\n"}, 1},
		{"v2 half a CPU", map[string]string{"cg/cpu.max": "25000 50000\n"}, 1},
		{"v2 a CPU and a half", map[string]string{"cg/cpu.max": "150000 100000\n"}, 2},
		{"v2 the smallest", map[string]string{
			"proc/self/cgroup": "0::/a/b\n", "cg/a/b/cpu.max": "max 100000\n", "cg/a/cpu.max": "300000 100000\n", "cg/cpu.max": "500000 100000\n",
		}, 3},
		{"v2 more than the machine", map[string]string{"cg/cpu.max": "6400000 100000\n"}, 8},
		{"v1 root", map[string]string{"cg/cpu/cpu.cfs_quota_us": "200000\n", "cg/cpu/cpu.cfs_period_us": "100000\n"}, 2},
		{"v1 no limit", map[string]string{"cg/cpu/cpu.cfs_quota_us": "-1\n", "cg/cpu/cpu.cfs_period_us": "100000\n"}, 8},
		{"v1 own group", map[string]string{
			"proc/self/cgroup": "4:cpu,cpuacct:/docker/x\n3:cpuset:/docker/x\n", "cg/cpu/docker/x/cpu.cfs_quota_us": "300000\n",
			"cg/cpu/docker/x/cpu.cfs_period_us": "100000\n",
		}, 3},
		{"v1 group of another controller", map[string]string{
			"proc/self/cgroup": "3:cpuset:/x\n", "cg/cpu/x/cpu.cfs_quota_us": "300000\n", "cg/cpu/x/cpu.cfs_period_us": "100000\n",
		}, 8},
		{"v1 half of it", map[string]string{"cg/cpu/cpu.cfs_quota_us": "200000\n"}, 8},
		{"rubbish", map[string]string{"cg/cpu.max": "some 100000\n", "cg/cpu/cpu.cfs_quota_us": "1\n", "cg/cpu/cpu.cfs_period_us": "0\n"}, 8},
		{"no period", map[string]string{"cg/cpu.max": "100000\n"}, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := t.TempDir()
			for name, data := range c.files {
				save(t, data, root, name)
			}
			if got := cpus(filepath.Join(root, "proc"), filepath.Join(root, "cg"), 8); got != c.want {
				t.Errorf("cpus = %d, want %d", got, c.want)
			}
		})
	}
}

func TestMemoryTotalFails(t *testing.T) {
	root := t.TempDir()
	for name, meminfo := range map[string]string{"empty": "", "no total": "MemFree: 5 kB\n", "no number": "MemTotal: much kB\n"} {
		save(t, meminfo, root, name, "meminfo")
		if _, err := memoryTotal(filepath.Join(root, name), root); err == nil || !strings.Contains(err.Error(), "memory of the machine") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := memoryTotal(filepath.Join(root, "missing"), root); err == nil {
		t.Error("no error without meminfo")
	}
}

func TestLimitsOfTheMachine(t *testing.T) {
	limits, err := Limits{TempDir: t.TempDir()}.Complete()
	if err != nil {
		t.Fatal(err)
	}
	total, err := memoryTotal("/proc", "/sys/fs/cgroup")
	if err != nil {
		t.Fatal(err)
	}
	if n := limits.Threads; n != cpus("/proc", "/sys/fs/cgroup", runtime.GOMAXPROCS(0)) || n < 1 || limits.MemoryLimit > total*6/10 || limits.MemoryLimit < total*59/100 ||
		limits.MaxTemp <= 0 {
		t.Errorf("%+v of %d bytes", limits, total)
	}
	given := Limits{Threads: 3, MemoryLimit: 5, TempDir: filepath.Join(t.TempDir(), "missing"), MaxTemp: 7}
	if same, err := given.Complete(); err != nil || same != given {
		t.Errorf("what was given became %+v, %v", same, err)
	}
	given.MaxTemp = 0
	if _, err := given.Complete(); err == nil {
		t.Error("no error for a missing temporary directory")
	}
}

// save writes a file, with the folders above it.
func save(t *testing.T, data string, parts ...string) {
	t.Helper()
	path := filepath.Join(parts...)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
}
