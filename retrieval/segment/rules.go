package segment

import (
	"sync"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
)

// lineRules are the rules for whole lines. A line is compared in lower case
// with straight quotation marks; the first rule that fits decides.
var lineRules = sync.OnceValue(func() []rule {
	var out []rule
	for _, r := range english.Furniture.All() {
		out = append(out, rule{corpus.Reason(r.Reason), r.Words, r.Open, r.Starts, r.Holds, r.And})
	}
	return out
})

// rule says what a line is by its words. Empty lists ask for nothing.
type rule struct {
	reason corpus.Reason
	words  int      // the line has at most so many words
	open   bool     // the line does not end as a sentence does
	starts []string // it begins with one of these, as whole words
	holds  []string // it holds one of these
	and    []string // and one of these
}
