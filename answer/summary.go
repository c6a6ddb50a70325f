package answer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// summarize returns the answers that quotes give to a question of that kind:
// of each quote the figure, name or date among its marked words. Equal ones are
// one Value; those that more articles give come first. It is nil for a question
// that is not answered by a figure, a name or a date, and if no two articles
// agree: the likeliest words of one quote are too often not the answer to be
// printed without the quote.
func summarize(question *query.Question, quotes []Quote) []Value {
	var values []Value
	given := make(map[int]map[string]bool) // by group: the articles
	for _, q := range quotes {
		text, key := filler(fillerKinds(question), q)
		if text == "" {
			continue
		}
		i := slices.IndexFunc(values, func(v Value) bool { return sameFiller(question.Kind, folded(v.Text), key) })
		if i < 0 {
			i = len(values)
			values = append(values, Value{Text: text, Group: i + 1})
			given[i+1] = make(map[string]bool)
		} else if len(text) > len(values[i].Text) && question.Kind == query.KindWho {
			values[i].Text = text // the full name
		}
		v := &values[i]
		v.Quotes = append(v.Quotes, q.N)
		bare, _ := corpus.SplitID(q.Article().ID)
		given[v.Group][bare] = true
		for _, ref := range q.Also {
			bare, _ := corpus.SplitID(ref.Article)
			given[v.Group][bare] = true
		}
	}
	for i := range values {
		values[i].Articles = len(given[values[i].Group])
	}
	slices.SortStableFunc(values, func(a, b Value) int { return b.Articles - a.Articles })
	if len(values) == 0 || values[0].Articles < 2 {
		return nil
	}
	for i := range values {
		values[i].Group = i + 1
	}
	return values
}

// sameFiller reports whether two folded fillers are one answer. The name of a
// person may be the end of another one: "Samim", "Ahmad Bashir Samim".
func sameFiller(kind query.Kind, a, b string) bool {
	return a == b || kind == query.KindWho && (strings.HasSuffix(a, " "+b) || strings.HasSuffix(b, " "+a))
}

// filler returns the words of q that are a fact of these kinds, as they stand and
// folded; "" if there is none among its marks.
func filler(kinds facts.Kind, q Quote) (text, key string) {
	if len(q.Marks) == 0 {
		return "", ""
	}
	f := facts.Read(words.NewVocabulary(nil).View(q.Text()))
	start, end := q.Marks[0].Start-q.Span().Start, q.Marks[0].End-q.Span().Start
	for fact := range f.Find(kinds) {
		b := f.Bytes(fact.From, fact.To)
		if b.Start < start || b.End > end {
			continue
		}
		if fact.Kind&(facts.KindMoney|facts.KindPercent) != 0 && kinds&facts.KindNumber != 0 {
			continue // "how many" asks for what can be counted
		}
		r := facts.Range{From: fact.From, To: fact.To}
		for _, n := range f.Figures {
			if n.From == fact.From && n.To == fact.To {
				r = f.Qualified(n)
			}
		}
		b = f.Bytes(r.From, r.To)
		text = f.Text[withCurrency(f.Text, b.Start):b.End]
		return text, folded(text)
	}
	return "", ""
}

// withCurrency returns where the figure begins that has its digits at start: at
// the sign of a currency right before them, if there is one.
func withCurrency(text string, start int) int {
	if r, size := utf8.DecodeLastRuneInString(text[:start]); unicode.Is(unicode.Sc, r) {
		return start - size
	}
	return start
}

// fillerKinds returns the facts that answer q in a few words.
func fillerKinds(q *query.Question) facts.Kind {
	switch q.Kind {
	case query.KindHowMany:
		if q.Has("many") {
			return facts.KindNumber
		}
		return facts.KindMoney | facts.KindPercent | facts.KindMeasure
	case query.KindWho:
		return facts.KindPerson
	case query.KindWhere:
		return facts.KindPlace
	case query.KindWhen:
		return facts.KindDate | facts.KindYear | facts.KindWeekday | facts.KindClock
	}
	return 0
}

// folded returns text as tokens are folded.
func folded(text string) string {
	v := words.NewVocabulary(nil).View(text)
	parts := make([]string, len(v.Tokens))
	for i, t := range v.Tokens {
		parts[i] = t.Text
	}
	return strings.Join(parts, " ")
}
