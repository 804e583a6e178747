package command

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	sigsyaml "sigs.k8s.io/yaml"
)

// claimed reads the claims of a manifest strictly.
func claimed(t *testing.T, name string) (claims []corev1.PersistentVolumeClaim) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deployed, name))
	if err != nil {
		t.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "\n---\n") {
		var claim corev1.PersistentVolumeClaim
		if err := sigsyaml.UnmarshalStrict([]byte(part), &claim); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if claim.APIVersion != "v1" || claim.Kind != "PersistentVolumeClaim" || claim.Spec.Resources.Requests.Storage().IsZero() || len(claim.Spec.AccessModes) != 1 {
			t.Errorf("%s: %+v", name, claim)
		}
		claims = append(claims, claim)
	}
	return claims
}

// TestClaims: each volume of a job has its claim, and what several pods open at once can be opened so.
func TestClaims(t *testing.T) {
	modes := map[string]corev1.PersistentVolumeAccessMode{}
	for _, claim := range slices.Concat(claimed(t, "claims.yaml"), claimed(t, "reports/claim.yaml")) {
		modes[claim.Name] = claim.Spec.AccessModes[0]
	}
	want := map[string]corev1.PersistentVolumeAccessMode{"partnerscore-exports": corev1.ReadWriteMany, "partnerscore-snapshots": corev1.ReadWriteOnce,
		"partnerscore-reports": corev1.ReadWriteMany}
	if diff := cmp.Diff(want, modes); diff != "" {
		t.Error(diff)
	}
	var cron batchv1.CronJob
	decode(t, "reports/cronjob.yaml", &cron)
	for _, v := range cron.Spec.JobTemplate.Spec.Template.Spec.Volumes {
		if v.PersistentVolumeClaim == nil {
			continue
		}
		if _, ok := want[v.PersistentVolumeClaim.ClaimName]; !ok {
			t.Errorf("the volume %s has no claim", v.Name)
		}
		delete(want, v.PersistentVolumeClaim.ClaimName)
	}
	if len(want) > 0 {
		t.Errorf("nobody uses %v", want)
	}
}

// TestNetworkPolicies: a policy is about the pods of the job. It lets nothing in; out it lets name servers and the pushgateway, and with an object store
// port 443 without the metadata of the node.
func TestNetworkPolicies(t *testing.T) {
	var plain networkingv1.NetworkPolicy
	decode(t, "networkpolicy.yaml", &plain)
	if len(plain.Spec.Egress) != 2 {
		t.Errorf("%+v", plain.Spec.Egress)
	}
	for folder, rules := range map[string]int{"": 2, "azure/": 3, "s3/": 3} {
		var policy networkingv1.NetworkPolicy
		decode(t, folder+"networkpolicy.yaml", &policy)
		var cron batchv1.CronJob
		decode(t, folder+"cronjob.yaml", &cron)
		for name, value := range policy.Spec.PodSelector.MatchLabels {
			if cron.Spec.JobTemplate.Spec.Template.Labels[name] != value {
				t.Errorf("%s: the policy is about pods with %s=%s", folder, name, value)
			}
		}
		types := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
		if policy.APIVersion != "networking.k8s.io/v1" || policy.Kind != "NetworkPolicy" || !slices.Equal(policy.Spec.PolicyTypes, types) || len(policy.Spec.Ingress) > 0 ||
			len(policy.Spec.PodSelector.MatchLabels) == 0 || len(policy.Spec.Egress) != rules {
			t.Fatalf("%s: %+v", folder, policy.Spec)
		}
		if diff := cmp.Diff(plain.Spec.Egress, policy.Spec.Egress[:2]); diff != "" {
			t.Errorf("%s:\n%s", folder, diff)
		}
		if rules == 2 {
			continue
		}
		store := policy.Spec.Egress[2]
		if len(store.Ports) != 1 || store.Ports[0].Port.IntValue() != 443 || !slices.Equal(store.To[0].IPBlock.Except, []string{"169.254.0.0/16"}) {
			t.Errorf("%s: %+v", folder, store)
		}
	}
}
