package answer

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

func TestUnknownOutlets(t *testing.T) {
	of := func(source, outlet, server string) story {
		return story{source, "The river rose on Monday in " + source + ".", corpus.Given{Outlet: outlet}, server}
	}
	stories := []story{of("a", "Daily Plain", ""), of("b", "Evening Post", ""), of("c", "Evening Post", ""), of("d", "", ""), of("e", "Secret Times", "9")}
	few := newDesk(t, plainWeights(sayAll), stories...)
	many := newDesk(t, plainWeights(sayAll), append(stories, of("f", "F", ""), of("g", "G", ""), of("h", "H", ""), of("i", "I", ""))...)
	for _, tt := range []struct {
		name    string
		desk    *Answerer
		outlets []string
		want    []string
	}{
		{"none asked for", few, nil, nil},
		{"known", few, []string{"evening post"}, nil},
		{"unknown", few, []string{"Nobody"}, []string{"No article is of the outlet Nobody. There are articles of Evening Post, Daily Plain."}},
		{"another server's", few, []string{"Evening Post", "Secret Times"}, []string{"No article is of the outlet Secret Times. There are articles of Evening Post, Daily Plain."}},
		{"many", many, []string{"Nobody"}, []string{"No article is of the outlet Nobody. Most are of Evening Post, Daily Plain, F, G, H."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := retrieval.Filter{Outlets: tt.outlets}
			found, err := tt.desk.Search(t.Context(), SearchRequest{Query: "river", Filter: f})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, found.Notes); diff != "" {
				t.Errorf("search (-want +got):\n%s", diff)
			}
			a := ask(t, tt.desk, Request{Question: "When did the river rise?", Filter: f})
			if diff := cmp.Diff(tt.want, a.Notes); diff != "" {
				t.Errorf("ask (-want +got):\n%s", diff)
			}
		})
	}
}
