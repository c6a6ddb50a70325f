package eval_test

import (
	"strings"
	"testing"

	"verbatim/internal/eval"
)

func TestRunGuard(t *testing.T) {
	points, err := eval.ReadGuardPoints(strings.NewReader(`{"sentences": ["The town bought four buses on Monday."], "outlets": ["Example"], "published": ["2021-07-06"], "point": "The town bought four buses.", "cites": [1], "right": true, "kind": "figures"}
{"sentences": ["The town bought four buses on Monday."], "point": "The town bought five buses.", "cites": [1], "right": false, "kind": "figures"}
{"sentences": ["The town bought four buses on Monday."], "point": "See https://example.org.", "cites": [1], "right": false, "kind": "form"}
{"sentences": ["The town bought four buses on Monday."], "point": "Buses were bought by Springfield.", "cites": [1], "right": true, "kind": "name"}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, outcomes := eval.RunGuard(points)
	if k, s := r.Figures[eval.GuardKept], r.Figures[eval.GuardStopped]; k.Value != .5 || k.N != 2 || s.Value != 1 || s.N != 2 || s.Low <= 0 || s.Low >= 1 || s.High != 1 {
		t.Errorf("kept %+v, stopped %+v", k, s)
	}
	if f := r.ByType["figures"]; f[eval.GuardKept].Value != 1 || f[eval.GuardStopped].Value != 1 || len(r.ByType) != 3 {
		t.Errorf("by kind: %+v", r.ByType)
	}
	if o := outcomes[1]; o.Kept || !strings.Contains(o.Reason, "five") {
		t.Errorf("got %+v", o)
	}
	if _, err := eval.ReadGuardPoints(strings.NewReader("{")); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("half a line: %v", err)
	}
}
