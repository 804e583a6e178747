package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"partnerscore/jobs/internal/monitor"
	"partnerscore/jobs/internal/show"
)

// RecordOptions say where to write the record of a run, in addition to its log. Empty: nowhere.
type RecordOptions struct {
	Receipt     string
	MetricsFile string
	Pushgateway string
	// Rejections are the reasons for which rows can be rejected: each has a metric, also at 0.
	Rejections []string
}

// Options are those of commands that work through months.
func (o *RecordOptions) Options() []*Option {
	return []*Option{
		{Name: "receipt", Value: "FILE", Usage: "write what the run did and how it ended to this JSON file, also when it failed",
			Read: Into(&o.Receipt, readTarget)},
		{Name: "metrics-file", Value: "FILE", Usage: "write the same as metrics in the Prometheus text format, for the textfile collector of the node exporter",
			Read: Into(&o.MetricsFile, readTarget)},
		{Name: "pushgateway", Value: "URL", Usage: "push these metrics to a Prometheus Pushgateway, like http://pushgateway:9091; one that does not answer changes nothing else",
			Read: Into(&o.Pushgateway, readGateway)},
	}
}

// readTarget reads the path of a file that is to be written: its folder must exist.
func readTarget(text string) (string, error) {
	if _, err := ReadLocal(text); err != nil {
		return "", err
	}
	dir := filepath.Dir(text)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("%s: the folder %s does not exist", text, dir)
	}
	if info, err := os.Stat(text); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", text)
	}
	return text, nil
}

func readGateway(text string) (string, error) {
	_, err := monitor.ParseGateway(text)
	return text, err
}

// KeepOff returns what is wrong with the places of the files, and empties those: a record must replace neither what is published, nor an
// export, nor the other file.
func (o *RecordOptions) KeepOff(exports, snapshots string) (problems []string) {
	files := []struct {
		flag string
		path *string
	}{{"--receipt", &o.Receipt}, {"--metrics-file", &o.MetricsFile}}
	folders := []struct{ name, path string }{{"exports", exports}, {"snapshots", snapshots}}
	same := o.Receipt != "" && o.MetricsFile != "" && SameFile(Resolved(o.Receipt), Resolved(o.MetricsFile))
	for _, file := range files {
		for _, folder := range folders {
			// The file itself may be a link to somewhere else: what is replaced is the link.
			if *file.path != "" && folder.path != "" && (Within(*file.path, folder.path) || Within(filepath.Dir(*file.path), folder.path)) {
				problems = append(problems, fmt.Sprintf("%s %s lies in the %s folder %s, where it could replace other files; name another place",
					file.flag, show.Printable(*file.path), folder.name, show.Printable(folder.path)))
				*file.path = ""
			}
		}
	}
	if same {
		problems = append(problems, "--receipt and --metrics-file name the same file; name two")
		o.Receipt, o.MetricsFile = "", ""
	}
	return problems
}
