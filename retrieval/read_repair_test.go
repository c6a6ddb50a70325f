package retrieval

import (
	"strings"
	"testing"
)

func TestRepair(t *testing.T) {
	for name, tt := range map[string]struct{ raw, want, note string }{
		"plain":              {"The dam at Århus — “open” & free.", "The dam at Århus — “open” & free.", ""},
		"entities":           {"The mayor&#8217;s dam &amp; its &pound;12&nbsp;million &ldquo;wall&rdquo;.", "The mayor’s dam & its £12\u00a0million “wall”.", "entities"},
		"no entities":        {"AT&T and R&D; they said so. &unknown;", "AT&T and R&D; they said so. &unknown;", ""},
		"entities with tags": {"<p>Dam &amp; wall</p>", "<p>Dam &amp; wall</p>", ""},
		"twice decoded once": {"Dam &amp;amp; wall", "Dam &amp; wall", "entities"},
		"twice encoded":      {"CafÃ© owner ZoÃ« said â€œitâ€™s overâ€\u009d.", "Café owner Zoë said “it’s over”.", "twice"},
		"twice encoded, cut": {"CafÃ© owner ZoÃ« said â€œyesâ€\ufffd and left.", "Café owner Zoë said “yes” and left.", "twice"},
		"meant":              {"The letters Ã and © stand in São Paulo’s “Ãrea”.", "The letters Ã and © stand in São Paulo’s “Ãrea”.", ""},
		"stray bytes":        {"Café owner Zoë Müller met José N\xfa\xf1ez.", "Café owner Zoë Müller met José Núñez.", "line 1"},
		"one stray byte":     {"Café Zoë\n\nIt cost \x80 5.", "Café Zoë\n\nIt cost € 5.", "line 3"},
	} {
		t.Run(name, func(t *testing.T) {
			body, notes, err := decode(Item{Source: "x", Raw: []byte(tt.raw)})
			if err != nil || body != tt.want || (len(notes) > 0) != (tt.note != "") || !strings.Contains(strings.Join(notes, " "), tt.note) {
				t.Errorf("%q, notes %q, %v; want %q", body, notes, err, tt.want)
			}
			// What was stored is not decoded again.
			again, notes, err := decode(Item{Source: "x", Body: &tt.want, stored: true})
			if err != nil || again != tt.want || notes != nil {
				t.Errorf("read again: %q, %q, %v", again, notes, err)
			}
		})
	}
}
