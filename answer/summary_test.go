package answer

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/query"
)

// marked returns a quote, numbered n, of an article of its own that is text
// without the brackets around the marked words.
func marked(t *testing.T, n int, id, text string) Quote {
	t.Helper()
	start, end := strings.Index(text, "["), strings.Index(text, "]")-1
	body := strings.NewReplacer("[", "", "]", "").Replace(text)
	q, err := corpus.NewQuote(&corpus.Article{Info: corpus.Info{ID: id}, Body: body}, corpus.Span{Start: 0, End: len(body)})
	if err != nil {
		t.Fatal(err)
	}
	return Quote{Quote: q, N: n, Marks: []corpus.Span{{Start: start, End: end}}}
}

func TestSummarize(t *testing.T) {
	for _, test := range []struct {
		question string
		quotes   []string // of articles a, b, c, …
		want     []Value
	}{
		{"How many soldiers crossed?", []string{"On Monday [some 300 soldiers] crossed.", "In all [1,037 soldiers] crossed.", "It said [1,037 troops] had crossed."},
			[]Value{{Text: "1,037", Articles: 2, Quotes: []int{2, 3}, Group: 1}, {Text: "some 300", Articles: 1, Quotes: []int{1}, Group: 2}}},
		{"How much did the bridge cost?", []string{"The bridge cost [more than $40 million].", "They paid [more than $40 million] for it."},
			[]Value{{Text: "more than $40 million", Articles: 2, Quotes: []int{1, 2}, Group: 1}}},
		{"How many people came?", []string{"People paid [$40 million] in all.", "They paid [$40 million] for it."}, nil},
		{"Who is the mayor?", []string{"On Monday [Mayor Novak] resigned.", "Mayor [Anna Novak] resigned."},
			[]Value{{Text: "Anna Novak", Articles: 2, Quotes: []int{1, 2}, Group: 1}}},
		{"Why did she resign?", []string{"She resigned [because of 300 complaints].", "She resigned [because of 300 complaints]."}, nil},
		{"How many soldiers crossed?", []string{"In all [1,037 soldiers] crossed.", "In all [1,582 soldiers] crossed."}, nil},
	} {
		q := query.Parse(test.question, "")
		var quotes []Quote
		for i, text := range test.quotes {
			quotes = append(quotes, marked(t, i+1, string(rune('a'+i)), text))
		}
		got := summarize(q, quotes)
		if diff := gocmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.question, diff)
		}
		for _, v := range got {
			if !strings.Contains(quotes[v.Quotes[0]-1].Text()+quotes[v.Quotes[len(v.Quotes)-1]-1].Text(), v.Text) {
				t.Errorf("%s: %q does not stand in its quotes", test.question, v.Text)
			}
		}
	}
}

func TestSummaryCountsQuotesThatSayTheSame(t *testing.T) {
	q := query.Parse("How many soldiers crossed?", "")
	quote := marked(t, 1, "a.2", "In all [1,037 soldiers] crossed.")
	quote.Also = []corpus.Ref{{Article: "b"}, {Article: "a"}}
	if got := summarize(q, []Quote{quote}); len(got) != 1 || got[0].Articles != 2 {
		t.Errorf("got %v, want one value of 2 articles", got)
	}
}
