package index

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
)

func TestVectorsByOwner(t *testing.T) {
	v := NewVectors()
	for _, p := range []struct {
		owner, ref string
		vector     []float32
	}{
		{"", "operator:0-1", []float32{1, 0}}, {"", "operator:2-3", []float32{0, 1}},
		{"guild", "guild:0-1", []float32{.8, .6}}, {"other", "other:0-1", []float32{1, 0}},
	} {
		if err := v.Add(p.owner, p.ref, p.vector); err != nil {
			t.Fatal(err)
		}
	}
	resolved := 0
	search := func(k int, scope corpus.Scope) (refs []string) {
		t.Helper()
		resolved = 0
		found, err := v.Search(t.Context(), []float32{1, 0}, k, scope, func(ref string, score float64) (Match, bool) {
			resolved++
			return all(ref, score)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found {
			refs = append(refs, m.Ref.String())
		}
		return refs
	}
	for _, tt := range []struct {
		name  string
		k     int
		scope corpus.Scope
		want  []string
	}{
		{"operator", 9, corpus.Scope{}, []string{"operator:0-1", "operator:2-3"}},
		{"guild", 9, corpus.Scope{Server: "guild"}, []string{"operator:0-1", "guild:0-1", "operator:2-3"}},
		{"guild's best", 2, corpus.Scope{Server: "guild"}, []string{"operator:0-1", "guild:0-1"}},
		{"all", 9, corpus.Scope{All: true}, []string{"operator:0-1", "other:0-1", "guild:0-1", "operator:2-3"}},
		{"none", 0, corpus.Scope{All: true}, nil},
		{"fewer than none", -1, corpus.Scope{}, nil},
	} {
		if diff := cmp.Diff(tt.want, search(tt.k, tt.scope)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if search(9, corpus.Scope{}); resolved != 2 {
		t.Errorf("looked at %d passages for the operator, want its own 2", resolved)
	}
	if err := v.Remove("guild", []string{"guild:0-1", "unknown:0-1"}); err != nil {
		t.Error(err)
	}
	if err := v.Remove("nobody", []string{"guild:0-1"}); err != nil {
		t.Error(err)
	}
	if n := v.Count(); n != 3 {
		t.Errorf("%d vectors, want 3", n)
	}
}
