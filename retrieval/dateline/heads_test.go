package dateline

import (
	"os"
	"strings"
	"testing"
)

// TestHeads reads the beginnings of articles in testdata/heads.txt. Dates are
// right for at least 95 % of those that are given, and given for at least 90 %
// of the articles that have one; titles, outlets and agencies are all right.
func TestHeads(t *testing.T) {
	data, err := os.ReadFile("testdata/heads.txt")
	if err != nil {
		t.Fatal(err)
	}
	dated, given, right := 0, 0, 0
	for _, block := range strings.Split(string(data), "\n=== ")[1:] {
		head, body, _ := strings.Cut(block, "\n")
		want := strings.Split(head, " | ")
		for i, w := range want {
			if w == "-" {
				want[i] = ""
			} else if w == "*" {
				want[i], _, _ = strings.Cut(body, "\n")
			}
		}
		got := Read(body+"\n\nNobody was hurt, and the mayor said that work would go on as it had been planned.\n", "")
		if want[0] != "" {
			dated++
		}
		if got.Published != "" {
			given++
		}
		if string(got.Published) == want[0] {
			if want[0] != "" {
				right++
			}
		} else {
			t.Errorf("%q: published %q, want %q", body, got.Published, want[0])
		}
		if len(got.Days) > 0 && want[0] == "" {
			t.Errorf("%q: days %v, want none", body, got.Days)
		}
		if got.Outlet != want[1] || want[2] != "" && got.Agency != want[2] || got.Title != want[3] {
			t.Errorf("%q: outlet %q, agency %q, title %q; want %q", body, got.Outlet, got.Agency, got.Title, want[1:])
		}
	}
	t.Logf("%d articles have a date, %d are given one, %d rightly", dated, given, right)
}
