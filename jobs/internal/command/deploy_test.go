package command

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"partnerscore/jobs/internal/cli"
	"partnerscore/jobs/internal/command/settings"
	"partnerscore/jobs/internal/fault"
	"partnerscore/jobs/internal/storage"
)

// deployed is the folder of the manifests. Their test is here, where the flags are.
const deployed = "../../deploy"

// user is the one that the image runs as.
const user = 65532

// beyondRetry are the exit codes that a retry cannot mend: a wrong call, a broken export and a difference are the same the second time. What
// is missing may come, what is held is let go, an internal error may be the machine's, and an interrupted run goes on where it was.
func beyondRetry() []int32 {
	var codes []int32
	for _, kind := range []fault.Kind{fault.Usage, fault.Broken, fault.Differs} {
		codes = append(codes, int32(kind.ExitCode()))
	}
	return codes
}

// decode reads a manifest strictly: a field that the API does not know is an error.
func decode(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployed, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := sigsyaml.UnmarshalStrict(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestCronJob(t *testing.T) {
	for _, name := range []string{"cronjob.yaml", "azure/cronjob.yaml", "s3/cronjob.yaml", "reports/cronjob.yaml"} {
		t.Run(name, func(t *testing.T) { checkCronJob(t, name) })
	}
}

func checkCronJob(t *testing.T, name string) {
	var cron batchv1.CronJob
	decode(t, name, &cron)
	if cron.APIVersion != "batch/v1" || cron.Kind != "CronJob" {
		t.Errorf("%s %s", cron.APIVersion, cron.Kind)
	}
	s := cron.Spec
	if s.TimeZone == nil || *s.TimeZone != "Etc/UTC" || s.ConcurrencyPolicy != batchv1.ForbidConcurrent || s.StartingDeadlineSeconds == nil {
		t.Errorf("time zone %v, concurrency %s, starting deadline %v", s.TimeZone, s.ConcurrencyPolicy, s.StartingDeadlineSeconds)
	}
	o := newScoreOptions()
	given := checkJob(t, s.JobTemplate.Spec, "score", o.flags(), &o.Scoring)
	// The day from which exports are complete is the first of the schedule, and the run may wait as long as it is told to.
	schedule := strings.Fields(s.Schedule)
	if hour, days, _ := strings.Cut(schedule[1]+" "+schedule[2], " "); hour != "6" || !strings.HasPrefix(days, given["fresh-after"]+"-") {
		t.Errorf("schedule %q, --fresh-after %s", s.Schedule, given["fresh-after"])
	}
	waits := *o.waitUntil - 6*time.Hour
	if limit := time.Duration(*s.JobTemplate.Spec.ActiveDeadlineSeconds) * time.Second; limit < waits+time.Hour || limit > 24*time.Hour {
		t.Errorf("the job may take %s, and waits for inputs for up to %s: it must have an hour for the work, and end before the next begins", limit, waits)
	}
	if !o.restated {
		t.Error("restated months are not scored again")
	}
	if reports := strings.HasPrefix(name, "reports/"); reports != (o.report != "") {
		t.Errorf("pages go to %q", o.report)
	}
}

func TestBackfillJob(t *testing.T) {
	var job batchv1.Job
	decode(t, "backfill.yaml", &job)
	if job.APIVersion != "batch/v1" || job.Kind != "Job" || job.Spec.Suspend == nil || !*job.Spec.Suspend {
		t.Errorf("%s %s, suspended %v: kubectl apply would start it", job.APIVersion, job.Kind, job.Spec.Suspend)
	}
	o := newBackfillOptions()
	checkJob(t, job.Spec, "backfill", o.flags(), &o.Scoring)
}

// TestShardedBackfill: each pod builds the facts of the months of its index, and needs no key of people.
func TestShardedBackfill(t *testing.T) {
	var job batchv1.Job
	decode(t, "sharded-backfill.yaml", &job)
	s := job.Spec
	if s.Suspend == nil || !*s.Suspend || s.CompletionMode == nil || *s.CompletionMode != batchv1.IndexedCompletion || s.Completions == nil || s.Parallelism == nil {
		t.Fatalf("%+v", s)
	}
	args := s.Template.Spec.Containers[0].Args
	i := slices.Index(args, "--index=$(JOB_COMPLETION_INDEX)")
	if i < 0 {
		t.Fatalf("the pods do not know their index: %q", args)
	}
	args[i] = "--index=0"
	o := newFactsOptions()
	checkJob(t, s, "facts", o.flags(), &o.Scoring)
	if o.of != int(*s.Completions) || *s.Parallelism != *s.Completions {
		t.Errorf("%d pods, %d at once, deal the months out among %d", *s.Completions, *s.Parallelism, o.of)
	}
}

// checkJob checks what all jobs have in common, and returns the flags.
func checkJob(t *testing.T, s batchv1.JobSpec, command string, options []*cli.Option, o *settings.Scoring) map[string]string {
	t.Helper()
	if s.BackoffLimit == nil || s.ActiveDeadlineSeconds == nil || s.PodFailurePolicy == nil {
		t.Fatal("backoffLimit, activeDeadlineSeconds or podFailurePolicy is missing")
	}
	pod := s.Template.Spec
	if pod.RestartPolicy != corev1.RestartPolicyNever { // or the failure policy is refused
		t.Errorf("restart policy %s", pod.RestartPolicy)
	}
	if len(pod.Containers) != 1 || len(pod.InitContainers) != 0 {
		t.Fatalf("%d containers", len(pod.Containers))
	}
	c := pod.Containers[0]
	checkFailurePolicy(t, *s.PodFailurePolicy, c.Name)
	checkSecurity(t, pod, c)
	given := checkArguments(t, c.Args, command, options)
	checkLimits(t, pod, c, o)
	checkMounts(t, pod, c, o, given["report"])
	return given
}

func checkFailurePolicy(t *testing.T, policy batchv1.PodFailurePolicy, container string) {
	t.Helper()
	var ends []int32
	ignored := false
	for _, rule := range policy.Rules {
		switch {
		case rule.Action == batchv1.PodFailurePolicyActionFailJob && rule.OnExitCodes != nil:
			if *rule.OnExitCodes.ContainerName != container || rule.OnExitCodes.Operator != batchv1.PodFailurePolicyOnExitCodesOpIn {
				t.Errorf("rule %+v", rule.OnExitCodes)
			}
			ends = append(ends, rule.OnExitCodes.Values...)
		case rule.Action == batchv1.PodFailurePolicyActionIgnore && len(rule.OnPodConditions) == 1:
			ignored = rule.OnPodConditions[0].Type == corev1.DisruptionTarget && rule.OnPodConditions[0].Status == corev1.ConditionTrue
		default:
			t.Errorf("rule %+v", rule)
		}
	}
	if slices.Sort(ends); !slices.Equal(ends, beyondRetry()) || !ignored {
		t.Errorf("the job ends at %v, want %v; evictions are ignored: %t", ends, beyondRetry(), ignored)
	}
}

func checkSecurity(t *testing.T, pod corev1.PodSpec, c corev1.Container) {
	t.Helper()
	if pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("the pod gets a service account token")
	}
	p, s := pod.SecurityContext, c.SecurityContext
	if p == nil || p.RunAsNonRoot == nil || !*p.RunAsNonRoot || *p.RunAsUser != user || *p.RunAsGroup != user || *p.FSGroup != user ||
		p.SeccompProfile == nil || p.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("security of the pod: %+v", p)
	}
	if s == nil || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation ||
		s.Capabilities == nil || !slices.Equal(s.Capabilities.Drop, []corev1.Capability{"ALL"}) || len(s.Capabilities.Add) > 0 || s.Privileged != nil {
		t.Errorf("security of the container: %+v", s)
	}
	if *pod.TerminationGracePeriodSeconds < 10 { // a run ends within five seconds of SIGTERM
		t.Errorf("%d s to end", *pod.TerminationGracePeriodSeconds)
	}
	if c.TerminationMessagePolicy != corev1.TerminationMessageFallbackToLogsOnError {
		t.Errorf("termination message %s: the outcome is not shown", c.TerminationMessagePolicy)
	}
}

// checkArguments reads the arguments as the command does.
func checkArguments(t *testing.T, args []string, command string, options []*cli.Option) map[string]string {
	t.Helper()
	if len(args) == 0 || args[0] != command {
		t.Fatalf("arguments %q", args)
	}
	given := map[string]string{}
	for _, arg := range args[1:] {
		name, value, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		i := slices.IndexFunc(options, func(o *cli.Option) bool { return o.Name == name })
		if i < 0 {
			t.Fatalf("%s has no flag %s", command, arg)
		}
		if options[i].IsBoolFlag() {
			value = "true"
		}
		given[name] = value
		if err := options[i].Set(value); err != nil {
			t.Error(err)
		}
	}
	if problems := cli.ReadOptions(options, func(string) string { return "" }, nil); len(problems) > 0 {
		t.Errorf("%s: %q", command, problems)
	}
	if given["log-format"] != cli.LogJSON {
		t.Error("the log is not for machines")
	}
	return given
}

// checkLimits: the engine has at most 60 % of the memory, and its temporary files fit their volume, and that the node.
func checkLimits(t *testing.T, pod corev1.PodSpec, c corev1.Container, o *settings.Scoring) {
	t.Helper()
	memory, storage := c.Resources.Limits.Memory().Value(), c.Resources.Limits.StorageEphemeral().Value()
	if o.Limits.MemoryLimit == 0 || o.Limits.MemoryLimit > memory*6/10 || memory-o.Limits.MemoryLimit < 256<<20 {
		t.Errorf("--memory-limit is %d of %d bytes", o.Limits.MemoryLimit, memory)
	}
	if c.Resources.Requests.Memory().Value() != memory || c.Resources.Requests.StorageEphemeral().Value() != storage {
		t.Errorf("a node may have less than the limits: %v", c.Resources.Requests)
	}
	volume := int64(0)
	for _, v := range pod.Volumes {
		if v.EmptyDir != nil {
			volume = v.EmptyDir.SizeLimit.Value()
			if v.EmptyDir.Medium != corev1.StorageMediumDefault {
				t.Errorf("temporary files are in memory: %+v", v.EmptyDir)
			}
		}
	}
	if o.Limits.MaxTemp == 0 || o.Limits.MaxTemp >= volume || volume >= storage {
		t.Errorf("--max-temp %d, volume %d, ephemeral storage %d: each must fit the next", o.Limits.MaxTemp, volume, storage)
	}
	if c.Resources.Limits.Cpu().IsZero() { // else the engine has a thread for every CPU of the node
		t.Error("no CPU limit")
	}
}

// checkMounts: what the program writes is writable, and nothing else. report is the folder of the pages, if there are any.
func checkMounts(t *testing.T, pod corev1.PodSpec, c corev1.Container, o *settings.Scoring, report string) {
	t.Helper()
	readOnly := map[string]bool{}
	for _, m := range c.VolumeMounts {
		readOnly[m.MountPath] = m.ReadOnly
		if !slices.ContainsFunc(pod.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name }) {
			t.Errorf("there is no volume %s", m.Name)
		}
	}
	want := map[string]bool{o.Limits.TempDir: false}
	if report != "" {
		want[report] = false
	}
	if c.Args[0] != "facts" {
		want["/key"] = true
	}
	for place, isReadOnly := range map[string]bool{o.Exports: true, o.Snapshots: false} {
		if address, err := storage.ParseAddress(place); err != nil {
			t.Error(err)
		} else if address.Kind == storage.Folder {
			want[place] = isReadOnly
		}
	}
	if !maps.Equal(readOnly, want) {
		t.Errorf("mounted, and whether read-only: %v, want %v", readOnly, want)
	}
	for _, v := range pod.Volumes {
		if v.Name == "exports" && !v.PersistentVolumeClaim.ReadOnly {
			t.Error("the exports are claimed for writing")
		}
	}
	if c.Args[0] != "facts" || len(c.Env) > 0 {
		checkEnvironment(t, pod, c, o)
	}
}

// checkEnvironment: no variable holds a secret, and an address in an object store comes with what says which account or region it is in, and a
// service account for the identity.
func checkEnvironment(t *testing.T, pod corev1.PodSpec, c corev1.Container, o *settings.Scoring) {
	t.Helper()
	variable := cli.VariablePrefix + "PERSON_KEY_FILE"
	want := map[storage.Kind][]string{storage.Folder: {variable}, storage.Azure: {variable, "AZURE_STORAGE_ACCOUNT"}, storage.S3: {variable, "AWS_REGION"}}
	address, err := storage.ParseAddress(o.Snapshots)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range c.Env {
		names = append(names, v.Name)
	}
	if !slices.Equal(names, want[address.Kind]) || !strings.HasPrefix(c.Env[0].Value, "/key/") {
		t.Errorf("environment %v, want %q", c.Env, want[address.Kind])
	}
	if inStore := address.Kind != storage.Folder; inStore != (pod.ServiceAccountName != "") || inStore && o.LockWait < 2*time.Minute {
		t.Errorf("service account %q, --lock-wait %s: after a kill the lock of an object store is free after a minute", pod.ServiceAccountName, o.LockWait)
	}
}

// TestServiceAccounts: what the cluster needs to give a pod its identity.
func TestServiceAccounts(t *testing.T) {
	for folder, annotation := range map[string]string{"azure": "azure.workload.identity/client-id", "s3": "eks.amazonaws.com/role-arn"} {
		var account corev1.ServiceAccount
		decode(t, folder+"/serviceaccount.yaml", &account)
		var cron batchv1.CronJob
		decode(t, folder+"/cronjob.yaml", &cron)
		pod := cron.Spec.JobTemplate.Spec.Template
		if account.APIVersion != "v1" || account.Kind != "ServiceAccount" || account.Name != pod.Spec.ServiceAccountName || account.Annotations[annotation] == "" {
			t.Errorf("%s: %+v", folder, account)
		}
		if uses := pod.Labels["azure.workload.identity/use"] == "true"; uses != (folder == "azure") {
			t.Errorf("%s: labels %v", folder, pod.Labels)
		}
	}
}

func TestKustomization(t *testing.T) {
	checkKustomization(t, "", "namespace.yaml", "claims.yaml", "networkpolicy.yaml", "cronjob.yaml", "backfill.yaml")
	checkKustomization(t, "reports/", "claim.yaml", "cronjob.yaml")
	checkKustomization(t, "azure/", "serviceaccount.yaml", "networkpolicy.yaml", "cronjob.yaml")
	checkKustomization(t, "s3/", "serviceaccount.yaml", "networkpolicy.yaml", "cronjob.yaml")
}

func checkKustomization(t *testing.T, folder string, resources ...string) {
	t.Helper()
	var k struct {
		APIVersion string   `json:"apiVersion"`
		Kind       string   `json:"kind"`
		Namespace  string   `json:"namespace"`
		Resources  []string `json:"resources"`
		Images     []struct {
			Name    string `json:"name"`
			NewName string `json:"newName"`
			NewTag  string `json:"newTag"`
		} `json:"images"`
	}
	decode(t, folder+"kustomization.yaml", &k)
	var namespace corev1.Namespace
	decode(t, "namespace.yaml", &namespace)
	if k.APIVersion != "kustomize.config.k8s.io/v1beta1" || k.Kind != "Kustomization" || k.Namespace != namespace.Name || !slices.Equal(k.Resources, resources) {
		t.Errorf("%+v", k)
	}
	var cron batchv1.CronJob
	decode(t, folder+"cronjob.yaml", &cron)
	image, _, _ := strings.Cut(cron.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Image, ":")
	if len(k.Images) != 1 || k.Images[0].Name != image || k.Images[0].NewTag == "latest" {
		t.Errorf("images %+v, the manifests name %s", k.Images, image)
	}
}

// TestUnits: the examples for cron and systemd call the program as it can be called, and do not retry in vain.
func TestUnits(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deployed, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`/usr/local/bin/partnerscore score (--[^\n>]*)`).FindAllStringSubmatch(strings.ReplaceAll(string(text), "\\\n", " "), -1)
	if len(calls) != 2 {
		t.Fatalf("%d calls", len(calls))
	}
	for _, call := range calls {
		o := newScoreOptions()
		var args []string
		for _, arg := range strings.Fields(call[1]) {
			if name, value, ok := strings.Cut(arg, "="); ok && (name == "--metrics-file" || name == "--receipt") {
				arg = name + "=" + filepath.Join(t.TempDir(), filepath.Base(value)) // whose folder must be there
			}
			args = append(args, arg)
		}
		checkArguments(t, append([]string{"score"}, args...), "score", o.flags())
	}
	var codes []string
	for _, code := range beyondRetry() {
		codes = append(codes, fmt.Sprint(code))
	}
	for _, limit := range []string{"StartLimitIntervalSec=", "StartLimitBurst="} {
		if !strings.Contains(string(text), limit) {
			t.Errorf("the unit has no %s: a run that is not ready would be started again and again until it is", limit)
		}
	}
	if want := "RestartPreventExitStatus=" + strings.Join(codes, " ") + "\n"; !strings.Contains(string(text), want) {
		t.Errorf("the unit does not say %s", want)
	}
}
