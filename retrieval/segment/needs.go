package segment

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/english"
	"verbatim/retrieval/words"
)

// Sentence is a sentence that may be quoted, with what it may not be quoted
// without.
type Sentence struct {
	corpus.Span
	Kind Kind
	// With is the unbroken span that is quoted for it: Span itself, or with the
	// sentence that names its speaker before it and the one that takes it back
	// or qualifies it behind it.
	With corpus.Span
	// Context are at most two spans that are shown above the quote: the
	// correction of a figure in it, the heading or lead-in of a list, the caption
	// and header of a table, the question that it answers, its speaker.
	Context []corpus.Span
	// Corrected says that the article itself corrects it, by the first span of
	// Context.
	Corrected bool
}

// Listed reports whether s is an item of a list or a row of a table, which the
// one before does not explain.
func (s *Sentence) Listed() bool { return s.Kind == Item || s.Kind == Row }

// Limits in words (runs of non-space) of a sentence with what it needs.
const (
	maxSpeaker = 60 // with the sentence that names the speaker
	maxJoined  = 90 // with all that is joined
)

// maxContext is how many spans are shown above a quote.
const maxContext = 2

// Quotable returns the sentences of body that may be quoted, in order: whole
// sentences, list items, table rows and turns of a speaker outside of
// furniture, without headings and cross-heads. Use Between to learn how two
// neighbours lie to each other.
//
// A sentence that the next one takes back, and one of a quotation or a
// transcript whose speaker stands before it, comes with that one; a sentence
// whose retraction does not fit is left out.
func Quotable(body string, marks []corpus.Mark) []Sentence {
	list := pieces(body, marks)
	r := &needs{body: body, marks: marks, list: list, quotes: quotations(list), tokens: make([][]string, len(list))}
	for i := range list {
		r.tokens[i] = tokens(list[i].text)
	}
	r.findCorrections()
	out := make([]Sentence, 0, len(list))
	for i := range list {
		if !list[i].ok {
			continue
		}
		s := Sentence{Span: list[i].Span, Kind: list[i].kind, With: list[i].Span}
		if r.speaker(i, &s) && r.retraction(i, &s) {
			r.place(i, &s)
			r.correction(i, &s)
			out = append(out, s)
		}
	}
	return out
}

// Sentences returns the spans of Quotable.
func Sentences(body string, marks []corpus.Mark) []corpus.Span {
	list := Quotable(body, marks)
	out := make([]corpus.Span, len(list))
	for i, s := range list {
		out[i] = s.Span
	}
	return out
}

// needs finds what the pieces of a body may not be quoted without.
type needs struct {
	body        string
	marks       []corpus.Mark
	list        []piece
	quotes      []quotation
	tokens      [][]string // of each piece, folded
	corrections []correcting
}

// joined returns the span from piece i to piece j, and whether nothing but
// white space and pieces lies between and it has at most limit words.
func (r *needs) joined(i, j, limit int) (corpus.Span, bool) {
	span := corpus.Span{Start: r.list[i].Start, End: r.list[j].End}
	n := 0
	for k := i; k <= j; k++ {
		n += r.list[k].n
		if k > i && (r.list[k].heading || Between(r.body, r.list[k-1].Span, r.list[k].Span) == Apart) {
			return span, false
		}
	}
	return span, n <= limit && !r.marked(span)
}

func (r *needs) marked(s corpus.Span) bool {
	for _, m := range r.marks {
		if m.Overlaps(s) {
			return true
		}
	}
	return false
}

func (s *Sentence) join(span corpus.Span) {
	s.With.Start, s.With.End = min(s.With.Start, span.Start), max(s.With.End, span.End)
}

func (s *Sentence) context(span corpus.Span) {
	if len(s.Context) < maxContext && !s.With.Overlaps(span) {
		s.Context = append(s.Context, span)
	}
}

// speaker gives piece i the sentence that names its speaker. It returns false
// if the piece would be read as the article's own words without one.
func (r *needs) speaker(i int, s *Sentence) bool {
	p := &r.list[i]
	if p.turn >= 0 {
		return r.turnOf(i, s)
	}
	q := r.quotes[i]
	first := slices.ContainsFunc(r.tokens[i], english.FirstPerson.Has)
	switch {
	case q.outside && q.pronoun: // “…,” he told Reuters
		r.namer(i, s)
		return true
	case q.outside || !q.inside && !q.goesOn && !(q.opened && (first || q.unclosed)):
		return true
	}
	// The words are a speaker's alone.
	from := q.speaker
	if from < 0 && i > 0 && r.quotes[i-1].attributed && Between(r.body, r.list[i-1].Span, p.Span) == SameLine {
		from = i - 1
	}
	if from >= 0 {
		if span, ok := r.joined(from, i, maxJoined); ok {
			s.join(span)
		} else {
			s.context(r.list[from].Span)
		}
		return true
	}
	if i+1 < len(r.list) && r.quotes[i+1].attributed && (r.quotes[i+1].inside || Between(r.body, p.Span, r.list[i+1].Span) == SameLine) {
		if span, ok := r.joined(i, i+1, maxSpeaker); ok {
			s.join(span)
			return true
		}
	}
	return q.opened && !q.goesOn
}

// turnOf gives a sentence of a turn its speaker and, if it answers one, the
// question.
func (r *needs) turnOf(i int, s *Sentence) bool {
	p := &r.list[i]
	begin := &r.list[p.turn]
	if i > p.turn {
		if span, ok := r.joined(p.turn, i, maxJoined); ok {
			s.join(span)
		} else {
			s.context(corpus.Span{Start: begin.Start, End: begin.Start + begin.label})
		}
	}
	for j := p.turn - 1; j >= 0 && r.list[j].turn >= 0 && r.list[j].turn == r.list[p.turn-1].turn; j-- {
		before := &r.list[j]
		if before.question() || answers(begin.text[begin.label:]) {
			s.context(before.Span)
			break
		}
	}
	return true
}

// namer gives a sentence whose speaker is a pronoun the one before it that
// names somebody: joined if it is the one right before, else as context.
func (r *needs) namer(i int, s *Sentence) {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		if r.list[j].heading || !r.list[j].ok && j < i-1 {
			continue
		}
		if !hasName(r.list[j].text) && j > i-3 && j > 0 {
			continue
		}
		if span, ok := r.joined(j, i, maxSpeaker); ok && j == i-1 {
			s.join(span)
		} else if r.list[j].ok && hasName(r.list[j].text) {
			s.context(r.list[j].Span)
		}
		return
	}
}

// retraction joins piece i with the one behind it if that takes it back or
// qualifies it. It returns false if that does not fit.
func (r *needs) retraction(i int, s *Sentence) bool {
	announces := announces(r.tokens[i])
	if i+1 >= len(r.list) {
		return !announces || corrects(r.list[i].text)
	}
	p, next := &r.list[i], &r.list[i+1]
	gap := Between(r.body, p.Span, next.Span)
	if gap == Apart || next.heading || next.n > 50 || p.kind == Item || p.kind == Row || next.kind == Item || next.turn >= 0 && next.turn != p.turn {
		return !announces || corrects(p.text)
	}
	if !retracts(r.tokens[i+1]) && (!announces || corrects(p.text)) {
		return true
	}
	all := corpus.Span{Start: s.With.Start, End: next.End}
	if words.Count(r.body[all.Start:all.End]) > maxJoined || r.marked(all) {
		return false
	}
	s.join(all)
	return true
}

// place gives a list item its lead-in, a table row its caption and header, an
// answer its question, an entry of a chronology its day.
func (r *needs) place(i int, s *Sentence) {
	p := &r.list[i]
	switch p.kind {
	case Turn:
		return
	case Item, Row:
		first := i
		for first > 0 && r.list[first-1].kind == p.kind && Between(r.body, r.list[first-1].Span, r.list[first].Span) != Apart {
			first--
		}
		if first > 0 && (r.list[first-1].heading || leadIn(r.list[first-1].text) || p.kind == Row && r.numbered(first-1)) {
			s.context(r.list[first-1].Span)
		} else if h := r.headingOf(first); h >= 0 {
			s.context(r.list[h].Span)
		}
		if p.kind == Row && first < i && !strings.ContainsAny(r.list[first].text, ":") {
			s.context(r.list[first].Span)
		}
	default:
		if i > 0 && p.opens && answers(p.text) && r.list[i-1].question() && r.list[i-1].opens && r.list[i-1].closes {
			s.context(r.list[i-1].Span)
		}
		if h := r.headingOf(i); h >= 0 && dayHeading(r.list[h].text) {
			s.context(r.list[h].Span)
		}
	}
}

// numbered reports whether piece i is a heading with a number ("4. Repair of
// the dam") rather than an item among others.
func (r *needs) numbered(i int) bool {
	p := &r.list[i]
	return p.kind == Item && !words.Ended(p.text) && (i == 0 || r.list[i-1].kind != Item) && !strings.ContainsAny(p.text[words.ItemMark(p.text):], "0123456789")
}

// headingOf returns the heading that piece i stands under, -1 if there is
// none close by.
func (r *needs) headingOf(i int) int {
	for j := i - 1; j >= 0 && j >= i-12; j-- {
		if r.list[j].heading && !r.marked(r.list[j].Span) {
			return j
		}
	}
	return -1
}

// leadIn reports whether text announces a list.
func leadIn(text string) bool { return strings.HasSuffix(text, ":") }

// dayHeading reports whether a heading is a day: "March 3, 2021".
func dayHeading(text string) bool {
	month, figure, n := false, false, 0
	for t := range words.Tokens(text) {
		n++
		month = month || english.Months.Has(t.Text) || english.ShortMonths.Has(t.Text)
		figure = figure || t.Text[0] >= '0' && t.Text[0] <= '9'
	}
	return month && figure && n <= 5
}

// answers reports whether text begins as an answer to a question does.
func answers(text string) bool {
	for t := range words.Tokens(text) {
		return english.AnswerOpenings.Has(t.Text)
	}
	return false
}

// hasName reports whether text names somebody or something: it has a word with
// a capital that is not its first.
func hasName(text string) bool {
	for i, word := range strings.Fields(text) {
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "\"“‘'("))
		if i > 0 && unicode.IsUpper(first) && !english.Common.Has(strings.ToLower(strings.Trim(word, ",.;:\"“”’'"))) && word != "I" {
			return true
		}
	}
	return false
}
