package retrieval_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
)

func TestExplain(t *testing.T) {
	f := retrieval.Features{Names: []string{"more", "less", "tiny", "none", "unknown"}, Values: []float64{2, 0.5, -3e-285, 0, 9}}
	weights := map[string]float64{"more": 1.5, "less": -1, "tiny": 1, "none": 4}
	want := map[string]float64{"more": 3, "less": -0.5}
	if diff := cmp.Diff(want, f.Explain(weights)); diff != "" {
		t.Error(diff)
	}
}
