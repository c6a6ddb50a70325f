package rank

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/words"
)

// standing returns what is quoted for each quotable sentence of body.
func standing(t *testing.T, body string, focus func(string) float64) []string {
	t.Helper()
	a, err := retrieval.Read(retrieval.Item{Source: "a", Raw: []byte(body), Given: corpus.Given{Title: "A title of its own"}})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	all := retrieval.Sentences(a)
	for i := range all {
		s, ok := quoteSpan(a, all, i, focus)
		if !ok {
			out = append(out, "")
			continue
		}
		q, err := corpus.NewQuote(a, s)
		if err != nil {
			t.Fatal(err)
		}
		checkQuote(t, q)
		out = append(out, q.Text())
	}
	return out
}

func even(string) float64 { return 0 }

func TestStand(t *testing.T) {
	const first = "President Rakhmon spoke to Ghani over the phone on Sunday."
	long := "President Rakhmon " + strings.Repeat("very ", 53) + "often spoke."
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"alone", first + " The Taliban took six districts of Badakhshan.",
			[]string{first, "The Taliban took six districts of Badakhshan."}},
		{"it", first + " It added that he was concerned.", []string{first, first + " It added that he was concerned."}},
		{"he", first + " He expressed concern.", []string{first, first + " He expressed concern."}},
		{"after an adverb", first + " Later he left for Moscow.", []string{first, first + " Later he left for Moscow."}},
		{"this comes", first + " This comes as troops leave.", []string{first, first + " This comes as troops leave."}},
		{"this week names itself", first + " This week Tajikistan called up reserves.",
			[]string{first, "This week Tajikistan called up reserves."}},
		{"the name comes first", first + " Ghani said that he was concerned.", []string{first, "Ghani said that he was concerned."}},
		{"a noun that is named before", first + " The president ordered an inquiry.",
			[]string{first, first + " The president ordered an inquiry."}},
		{"across a blank line", first + "\n\nIt added that he was concerned.", []string{first, first + "\n\nIt added that he was concerned."}},
		{"across a blank line of CR LF", first + "\r\n\r\nIt added that he was concerned.",
			[]string{first, first + "\r\n\r\nIt added that he was concerned."}},
		{"not across two blank lines", first + "\n\n\nIt added that he was concerned.", []string{first, "It added that he was concerned."}},
		{"nothing before", "It added that he was concerned. Ghani said nothing of it.",
			[]string{"It added that he was concerned.", "Ghani said nothing of it."}},
		{"sixty words together", long + " He rested.", []string{long, long + " He rested."}},
		{"over sixty words together", long + " He rested well again.", []string{long, "He rested well again."}},
		{"not across a cross-head", first + "\n\n- Afghan forces flee -\n\nIt added that he was concerned.",
			[]string{first, "It added that he was concerned."}},
		{"not over furniture", first + "\n\nThe dam broke on Monday evening near Lakeview.\n\nLEAVE A COMMENT Your email address will not be published. Required fields are marked*",
			[]string{first, "The dam broke on Monday evening near Lakeview."}},
		{"a quotation with its attribution", "“There is war. There is pressure. It will end,” Hamdullah Mohib told reporters on Monday.",
			[]string{"“There is war. There is pressure. It will end,” Hamdullah Mohib told reporters on Monday."}},
		{"a dateline and a credit", "KABUL, July 6 (Reuters) - The Taliban took six districts of Badakhshan. Russia has a base in Tajikistan. (Reuters)",
			[]string{"The Taliban took six districts of Badakhshan.", "Russia has a base in Tajikistan."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			same(t, "quotes", standing(t, tt.body, even), tt.want)
		})
	}
}

func TestStandNeverJoinsOverFurniture(t *testing.T) {
	for _, marked := range []string{"[advert]", "\n\n"} {
		first := "Rakhmon spoke to Ghani."
		body := first + marked + "It added that he was concerned."
		cut := len(first) + len(marked)
		a := &corpus.Article{Body: body, Furniture: []corpus.Mark{{Span: corpus.Span{Start: len(first), End: cut}, Reason: corpus.ReasonAdvert}}}
		all := []corpus.Span{{Start: 0, End: len(first)}, {Start: cut, End: len(body)}}
		if got, ok := quoteSpan(a, all, 1, even); !ok || got != all[1] {
			t.Errorf("quoted %q", body[got.Start:got.End])
		}
	}
}

func TestCut(t *testing.T) {
	many := func(n int) string { return strings.TrimSuffix(strings.Repeat("very ", n), " ") }
	for _, tt := range []struct {
		name, body  string
		focus       string // what the cut should hold, if it can
		hold        []string
		uncut, none bool
	}{
		{name: "sixty words stay whole", body: "Rakhmon, " + many(58) + " tired.", uncut: true},
		{name: "from the beginning", body: "The ministry of Tajikistan opened the border on Sunday, " + many(30) + ", and " + many(30) + ".",
			hold: []string{"The ministry of Tajikistan opened the border on Sunday"}},
		{name: "to what is asked for", body: "Kabul was " + many(38) + ", and some 1,037 soldiers of the Afghan army crossed the river, " + many(30) + ".",
			focus: "1,037", hold: []string{"1,037 soldiers of the Afghan army crossed the river"}},
		{name: "keeps who said it", body: "Some 1,037 soldiers of the army crossed the river, " + many(30) + ", the border guard said on Monday, " + many(30) + ".",
			focus: "1,037", hold: []string{"1,037", "the border guard said"}},
		{name: "keeps who said it, from the beginning", body: "According to the border guard, " + many(12) + ", some 1,037 soldiers of the army crossed the river, " + many(50) + ".",
			focus: "1,037", hold: []string{"According to the border guard", "1,037"}},
		{name: "keeps not", body: "The minister of the interior did not order the army to leave, " + many(20) + ", some 1,037 soldiers crossed the river, " + many(50) + ".",
			focus: "1,037", hold: []string{"did not order", "1,037"}},
		{name: "keeps denied", body: "Kabul was " + many(43) + ", some 1,037 soldiers of the army crossed the river, " + many(4) + ", which the Taliban denied.",
			focus: "1,037", hold: []string{"1,037", "denied"}},
		{name: "attribution too far", body: "According to the border guard " + many(58) + ", some 1,037 soldiers crossed the river.", focus: "1,037", none: true},
		{name: "no clause", body: "Rakhmon " + many(70) + " tired.", none: true},
		{name: "whole quotations", body: "The deputy head of the army wrote “we crossed the river, " + many(5) + ", and we came back” in a letter of his, " + many(60) + ".",
			focus: "came back", hold: []string{"“we crossed the river", "came back”"}},
		{name: "whole brackets", body: "The army of the north (led by a general, " + many(5) + ", of the old school) crossed the river, " + many(60) + ".",
			focus: "general", hold: []string{"(led by a general", "of the old school)"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := standing(t, tt.body, func(text string) float64 {
				if tt.focus != "" && strings.Contains(text, tt.focus) {
					return 1
				}
				return 0
			})
			if len(got) != 1 {
				t.Fatalf("%d sentences: %q", len(got), got)
			}
			switch {
			case tt.none && got[0] != "":
				t.Errorf("cut to %q, want no cut", got[0])
			case tt.uncut && got[0] != tt.body:
				t.Errorf("cut to %q, want it whole", got[0])
			case !tt.none && !tt.uncut && (len(got[0]) < 20 || got[0] == tt.body):
				t.Errorf("cut to %q", got[0])
			}
			for _, h := range tt.hold {
				if !strings.Contains(got[0], h) {
					t.Errorf("the cut %q lacks %q", got[0], h)
				}
			}
		})
	}
}

// A cut that leaves out a binding word would say something else.
func TestCutKeepsEveryBindingWord(t *testing.T) {
	for _, w := range []string{"not", "no", "never", "denied", "denies", "didn't", "cannot", "without", "refused", "rejected", "reportedly", "allegedly",
		"claimed", "according to", "said", "told", "unless", "if"} {
		body := "The soldiers of the northern army crossed the wide river on Sunday, " + strings.Repeat("very ", 30) + "late, as the guard " + w + " it, " + strings.Repeat("very ", 30) + "tired."
		for _, got := range standing(t, body, func(text string) float64 { return float64(strings.Count(text, "soldiers")) }) {
			if !strings.Contains(got, w) {
				t.Errorf("%q was left out of %q", w, got)
			}
		}
	}
}

// The cut is the best of all that could be made, however it is found.
func TestCutIsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{"dam", "broke", "at", "night", "he said", "not", "denied", "according to her", "“we", "went”", "(so", "far)", "1,037", "river",
		",", ", ", ": ", "; ", " – ", " -- ", ", , ,", "town", "of", "the"}
	cuts := 0
	for range 60 {
		var b strings.Builder
		for range 70 + r.IntN(60) {
			// The binding words are rare, or no cut could ever hold them all.
			p := parts[r.IntN(len(parts))]
			if strings.Contains("he said not denied according to her “we went” (so far)", p) && r.IntN(12) > 0 {
				p = "very,"
			}
			b.WriteString(p + " ")
		}
		text := strings.TrimSpace(b.String())
		focus := func(s string) float64 {
			n := 0.0
			for _, w := range []string{"dam", "1,037", "river", "town"} {
				if strings.Contains(s, w) {
					n += .25
				}
			}
			return n
		}
		got, ok := cut(text, corpus.Span{Start: 0, End: len(text)}, focus)
		want, found := bestCut(text, focus)
		if ok != found || ok && got != want {
			t.Fatalf("%q:\ngot  %q\nwant %q", text, text[got.Start:got.End], text[want.Start:want.End])
		}
		if ok {
			cuts++
		}
	}
	if cuts < 10 {
		t.Errorf("only %d sentences could be cut", cuts)
	}
}

// bestCut tries every cut.
func bestCut(text string, focus func(string) float64) (best corpus.Span, ok bool) {
	var kept []corpus.Span
	for w := range words.Tokens(text) {
		if binding(w.Text) {
			kept = append(kept, corpus.Span{Start: w.Start, End: w.End})
		}
	}
	top, bounds := -1.0, clauses(text)
	for i := range bounds {
		for j := len(bounds) - 1; j > i; j-- {
			c := trim(text, corpus.Span{Start: bounds[i], End: bounds[j]})
			n := len(strings.Fields(text[c.Start:c.End]))
			if n < 6 || n > 60 || !containsAll(c, kept) || !balanced(text[c.Start:c.End]) {
				continue
			}
			score := focus(text[c.Start:c.End]) + float64(n)/1000
			if i == 0 {
				score += .1
			}
			if score > top {
				top, best, ok = score, c, true
			}
		}
	}
	return best, ok
}

// A sentence of hundreds of clauses is not tried in all ways.
func TestCutOfManyClauses(t *testing.T) {
	text, calls := strings.Repeat("dam, dike, ", 500)+"broke.", 0
	_, ok := cut(text, corpus.Span{Start: 0, End: len(text)}, func(string) float64 { calls++; return 0 })
	if !ok || calls > 1001 {
		t.Errorf("looked at %d cuts of 1001 clauses, %v", calls, ok)
	}
}

// FuzzQuoteSpan quotes whatever an article's text is.
func FuzzQuoteSpan(f *testing.F) {
	f.Add("Rakhmon spoke. It added that he was concerned.\n\nHe left.", "concerned")
	f.Add(strings.Repeat("word, ", 80)+"he said.", "said")
	f.Add("A (b, “c, "+strings.Repeat("d ", 70)+"”), e -- f — g.", "g")
	f.Fuzz(func(t *testing.T, body, focus string) {
		if !utf8.ValidString(body) || strings.TrimSpace(body) == "" || strings.ContainsRune(body, 0) {
			return
		}
		a := &corpus.Article{Body: body}
		all := retrieval.Sentences(a)
		for i := range all {
			s, ok := quoteSpan(a, all, i, func(text string) float64 { return float64(strings.Count(text, focus)) })
			if !ok {
				continue
			}
			q, err := corpus.NewQuote(a, s)
			if err != nil {
				t.Fatal(err)
			}
			checkQuote(t, q)
			if !all[i].Contains(s) && !s.Contains(all[i]) {
				t.Errorf("%q is quoted for %q", q.Text(), body[all[i].Start:all[i].End])
			}
		}
	})
}
