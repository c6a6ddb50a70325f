package guard

import (
	"strings"
	"testing"
)

// TestCheckRewrite holds that a rewriting brings nothing into a conversation
// that was not there.
func TestCheckRewrite(t *testing.T) {
	const question = "what about Kunduz?"
	said := []string{"Who is the governor of Badakhshan?", "Ahmad Bashir Samim."}
	for _, good := range []string{"Who is the governor of Kunduz?", "Who holds the governor’s office in Kunduz?"} {
		if !CheckRewrite(question, good, said) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{
		"", "Who is the governor of Helmand?", "Who are the 12 governors?", "Visit evil.example?", "What about @everyone in Kunduz?",
		"[Who](https://evil.example) rules Kunduz?", "Who \u202erules Kunduz?", strings.Repeat("Who rules Kunduz? ", 100),
		"Who rules Kunduz 🔥?", "Why must readers pay money to the corrupt governor of Kunduz before midnight?",
	} {
		if CheckRewrite(question, bad, said) {
			t.Errorf("%q is taken", bad)
		}
	}
}
