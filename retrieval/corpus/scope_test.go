package corpus_test

import (
	"testing"

	"verbatim/retrieval/corpus"
)

func TestScopeSees(t *testing.T) {
	articles := map[string]corpus.Info{
		"operator": {}, "guild": {Server: "1"}, "other guild": {Server: "2"},
		"sports": {Collection: "sports"}, "guild's sports": {Server: "1", Collection: "sports"},
	}
	for _, tt := range []struct {
		name  string
		scope corpus.Scope
		seen  []string
	}{
		{"zero", corpus.Scope{}, []string{"operator"}},
		{"server", corpus.Scope{Server: "1"}, []string{"operator", "guild"}},
		{"collection", corpus.Scope{Collections: []string{"sports"}}, []string{"sports"}},
		{"both collections", corpus.Scope{Collections: []string{"", "sports"}}, []string{"operator", "sports"}},
		{"server's collection", corpus.Scope{Server: "1", Collections: []string{"sports"}}, []string{"sports", "guild's sports"}},
		{"all", corpus.Scope{All: true}, []string{"operator", "guild", "other guild", "sports", "guild's sports"}},
	} {
		seen := map[string]bool{}
		for _, name := range tt.seen {
			seen[name] = true
		}
		for name, info := range articles {
			if tt.scope.Sees(&info) != seen[name] {
				t.Errorf("%s: sees the article of %s: %v", tt.name, name, !seen[name])
			}
		}
	}
}
