package command

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

// TestSparkServer: every part of the server is what the API knows, they find each other, the job reaches it and nobody else does, and both see the
// exports at the same path.
func TestSparkServer(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deployed, "spark.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var (
		account corev1.ServiceAccount
		role    rbacv1.Role
		binding rbacv1.RoleBinding
		service corev1.Service
		policy  networkingv1.NetworkPolicy
		reach   networkingv1.NetworkPolicy
		server  appsv1.Deployment
		cron    batchv1.CronJob
	)
	parts := strings.Split(string(text), "\n---\n")
	into := []any{&account, &role, &binding, &service, &policy, &reach, &server}
	if len(parts) != len(into) {
		t.Fatalf("%d parts", len(parts))
	}
	for i, part := range parts {
		if err := sigsyaml.UnmarshalStrict([]byte(part), into[i]); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
	}
	decode(t, "cronjob.yaml", &cron)
	pod, job := server.Spec.Template, cron.Spec.JobTemplate.Spec.Template
	if pod.Spec.ServiceAccountName != account.Name || binding.Subjects[0].Name != account.Name || binding.RoleRef.Name != role.Name {
		t.Error("the server has no rights")
	}
	for name, value := range service.Spec.Selector {
		if pod.Labels[name] != value || policy.Spec.PodSelector.MatchLabels[name] != value {
			t.Errorf("%s: %q", name, pod.Labels[name])
		}
	}
	from, ports := policy.Spec.Ingress[0].From, policy.Spec.Ingress[0].Ports
	for name, value := range from[0].PodSelector.MatchLabels {
		if len(from) != 1 || job.Labels[name] != value {
			t.Errorf("the policy lets in %s %q, the job has %q", name, value, job.Labels[name])
		}
	}
	if to := reach.Spec.Egress[0]; !maps.Equal(to.To[0].PodSelector.MatchLabels, pod.Labels) || to.Ports[0].Port.IntVal != 15002 ||
		!maps.Equal(reach.Spec.PodSelector.MatchLabels, job.Labels) {
		t.Errorf("the job does not reach the server: %+v", reach.Spec)
	}
	if service.Name != "spark" || service.Spec.Ports[0].Port != 15002 || len(ports) != 1 || ports[0].Port.IntVal != 15002 {
		t.Errorf("README.md has the job ask sc://spark:15002, the service is %s, ports %+v", service.Name, service.Spec.Ports)
	}
	at := func(spec corev1.PodSpec) string {
		i := slices.IndexFunc(spec.Containers[0].VolumeMounts, func(m corev1.VolumeMount) bool { return m.Name == "exports" })
		return spec.Containers[0].VolumeMounts[i].MountPath
	}
	executors := "--conf=spark.kubernetes.executor.volumes.persistentVolumeClaim.exports.mount.path=" + at(job.Spec)
	if at(pod.Spec) != at(job.Spec) || !slices.Contains(pod.Spec.Containers[0].Args, executors) {
		t.Errorf("the job sees the exports at %s, the server at %s", at(job.Spec), at(pod.Spec))
	}
}
