package conversation

import (
	"os"
	"strings"
	"testing"
)

// TestSmallTalk classifies 150 messages. Those that ask something are the
// larger part: to take a question for small talk is the worse fault.
func TestSmallTalk(t *testing.T) {
	raw, err := os.ReadFile("testdata/messages.txt")
	if err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for _, line := range strings.Split(string(raw), "\n") {
		kind, text, ok := strings.Cut(line, "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		all++
		if answer, got := SmallTalk(text); got == (kind == "-") {
			right++
		} else {
			t.Logf("%q is taken for small talk: %v %q", text, got, answer)
		}
	}
	t.Logf("%d of %d right", right, all)
	if all != 150 || float64(right) < .97*float64(all) {
		t.Errorf("%d of %d right, want .97 of 150", right, all)
	}
}
