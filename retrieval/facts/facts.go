package facts

import (
	"iter"
	"strings"
	"unicode/utf8"

	"verbatim/retrieval/words"
)

// Kind is a set of kinds of facts.
type Kind uint32

// The kinds. Every figure that is not an ordinal, year or time is a KindNumber, and
// every name is a KindName, besides what else they are.
const (
	KindNumber       Kind = 1 << iota // a figure in digits or letters
	KindMeasure                       // a Number with a unit of measure
	KindMoney                         // a Number with a currency
	KindPercent                       // a Number of percent, or a fraction
	KindDuration                      // a Number with a unit of time
	KindAge                           // how old somebody is
	KindOrdinal                       // a place in an order
	KindSuperlative                   // a first place: "largest"
	KindDate                          // a day or a month, or a day named from today
	KindWeekday                       // a day of the week
	KindYear                          // a year by itself or in a Date
	KindClock                         // a time of the day
	KindName                          // a name of anybody or anything
	KindPerson                        // a Name that is a person's
	KindPlace                         // a Name that is a place's
	KindOrganisation                  // a Name that is an organisation's
	KindNationality                   // a people or what belongs to it: "Afghan"
	KindReason                        // words that join an effect to its cause
	KindMaybeReason                   // words that may do so: "after"
	KindSpeech                        // a verb of saying
	KindNegation                      // a word that reverses what it governs
	KindDoubt                         // what may be or will be, or is only claimed
)

// Fact is a fact of some kinds and where it stands.
type Fact struct {
	Kind     Kind
	From, To int // tokens
}

// Range is a half-open range of tokens.
type Range struct{ From, To int }

// Len returns the number of tokens of r.
func (r Range) Len() int { return r.To - r.From }

// Has reports whether token i is in r.
func (r Range) Has(i int) bool { return r.From <= i && i < r.To }

// Facts are a text with what has been read from it.
type Facts struct {
	words.View
	Kinds   Kind // of all facts
	Figures []Figure
	Dates   []Date
	Names   []Name
	// List holds the facts of all kinds: first dates, then figures, names
	// and the rest, each in the order of the text.
	List []Fact
	// Quotations are the bytes of the text inside quotation marks.
	Quotations []words.Range

	marks   []mark
	clauses []Clause
}

// mark is what is known of a token in its text.
type mark struct {
	sentence int32
	flags    flag
	gap      gap // before the token
}

type flag uint8

const (
	first    flag = 1 << iota // of its sentence, or of a quotation
	quoted                    // inside quotation marks
	inFigure                  // part of a figure or date
	inName                    // part of a name
	content                   // carries content of its own
)

// gap says what stands between a token and the one before it.
type gap uint8

const (
	gapTight  gap = 1 << iota // nothing but space or a hyphen
	gapJoined                 // what may stand inside a name
	gapSpaced                 // nothing but space and full stops
	gapComma                  // a comma, and what else there may be
	gapClause                 // what ends a clause
	gapStop                   // what may end a sentence
	gapHyphen                 // it begins with a hyphen
)

// Has reports whether f holds a fact of one of the kinds.
func (f *Facts) Has(kinds Kind) bool { return f.Kinds&kinds != 0 }

// Find yields the facts of one of the kinds.
func (f *Facts) Find(kinds Kind) iter.Seq[Fact] {
	return func(yield func(Fact) bool) {
		if f.Kinds&kinds == 0 {
			return
		}
		for _, fact := range f.List {
			if fact.Kind&kinds != 0 && !yield(fact) {
				return
			}
		}
	}
}

// Bytes returns the range of the text's bytes that tokens from to to are.
func (f *Facts) Bytes(from, to int) words.Range {
	if from >= to {
		return words.Range{}
	}
	return words.Range{Start: f.Tokens[from].Start, End: f.Tokens[to-1].End}
}

// First reports whether token i is the first of its sentence or of a
// quotation, where a capital letter says nothing.
func (f *Facts) First(i int) bool { return f.marks[i].flags&first != 0 }

// Quoted reports whether token i stands inside quotation marks.
func (f *Facts) Quoted(i int) bool { return f.marks[i].flags&quoted != 0 }

// InFigure reports whether token i is part of a figure or date.
func (f *Facts) InFigure(i int) bool { return f.marks[i].flags&inFigure != 0 }

// InName reports whether token i is part of a name. A word such as "of" inside
// a name is not.
func (f *Facts) InName(i int) bool { return f.marks[i].flags&inName != 0 }

// Content reports whether token i has content of its own: it is neither a stop word
// nor a filler.
func (f *Facts) Content(i int) bool { return f.marks[i].flags&content != 0 }

// Sentence returns the number, from 0, of the sentence that holds token i.
func (f *Facts) Sentence(i int) int { return int(f.marks[i].sentence) }

// SentenceOf returns the sentence that holds token i.
func (f *Facts) SentenceOf(i int) Range {
	r := Range{i, i + 1}
	for r.From > 0 && f.marks[r.From-1].sentence == f.marks[i].sentence {
		r.From--
	}
	for r.To < len(f.marks) && f.marks[r.To].sentence == f.marks[i].sentence {
		r.To++
	}
	return r
}

// Tight reports whether token i follows the one before it with no more than
// white space or a hyphen between them.
func (f *Facts) Tight(i int) bool { return i > 0 && i < len(f.marks) && f.marks[i].gap&gapTight != 0 }

// Joined reports whether token i can belong to one name with the one before
// it.
func (f *Facts) Joined(i int) bool { return f.marks[i].gap&gapJoined != 0 }

// text returns the folded text of token i, or "" outside of the text.
func (f *Facts) text(i int) string {
	if i < 0 || i >= len(f.Tokens) {
		return ""
	}
	return f.Tokens[i].Text
}

// is reports whether token i is there and of one of the classes.
func (f *Facts) is(i int, c words.Class) bool {
	return i >= 0 && i < len(f.Tokens) && f.Tokens[i].Class&c != 0
}

// from returns what gives the texts of the tokens from i on, for matching
// phrases.
func (f *Facts) from(i int) func(int) string {
	return func(k int) string { return f.text(i + k) }
}

// Reader reads facts and reuses its memory. It is not for concurrent use.
type Reader struct{ facts Facts }

// Read returns the facts of v, which are valid until the next Read.
func (r *Reader) Read(v words.View) *Facts {
	f := &r.facts
	f.View, f.Kinds = v, 0
	f.Figures, f.Dates, f.Names, f.List = f.Figures[:0], f.Dates[:0], f.Names[:0], f.List[:0]
	f.Quotations, f.clauses = f.Quotations[:0], f.clauses[:0]
	f.read()
	return f
}

// Read returns the facts of v.
func Read(v words.View) *Facts {
	f := &Facts{View: v}
	f.read()
	return f
}

func (f *Facts) read() {
	f.mark()
	f.readDates()
	f.readFigures()
	f.readNames()
	f.readCues()
}

// add adds a fact.
func (f *Facts) add(kind Kind, from, to int) {
	f.Kinds |= kind
	f.List = append(f.List, Fact{kind, from, to})
}

// mark fills in what is known of each token.
func (f *Facts) mark() {
	f.Quotations = appendQuotations(f.Quotations, f.Text)
	f.marks = f.marks[:0]
	stops := false
	next := 0 // of Quotations
	for i := range f.Tokens {
		t := &f.Tokens[i]
		m := mark{gap: gapOf(f.View.Gap(i))}
		if i == 0 || m.gap&gapTight == 0 && opensQuotation(f.View.Gap(i)) {
			m.flags |= first
		}
		stops = stops || i > 0 && m.gap&gapStop != 0
		for next < len(f.Quotations) && f.Quotations[next].End <= t.Start {
			next++
		}
		if next < len(f.Quotations) && f.Quotations[next].Start <= t.Start {
			m.flags |= quoted
		}
		if t.Class&(words.IsStop|words.IsFiller) == 0 {
			m.flags |= content
		}
		f.marks = append(f.marks, m)
	}
	if stops {
		f.markSentences()
	}
}

// markSentences numbers the sentences. Sentences inside one pair of quotation
// marks are one, with what goes with them.
func (f *Facts) markSentences() {
	sentence, i := int32(0), 0
	for _, r := range words.Sentences(f.Text) {
		if f.insideQuotation(r.End) {
			continue
		}
		begun := i
		for i < len(f.Tokens) && f.Tokens[i].Start < r.End {
			f.marks[i].sentence = sentence
			i++
		}
		if i > begun {
			sentence++
			if i < len(f.Tokens) {
				f.marks[i].flags |= first
			}
		}
	}
	for ; i < len(f.Tokens); i++ {
		f.marks[i].sentence = sentence
	}
}

func (f *Facts) insideQuotation(at int) bool {
	for _, q := range f.Quotations {
		if q.Start <= at && at < q.End {
			return true
		}
	}
	return false
}

func gapOf(s string) gap {
	if s == " " || s == "" {
		return gapTight | gapJoined | gapSpaced
	}
	var g gap
	switch trimmed := strings.TrimSpace(s); trimmed {
	case "", "-", "‑":
		g = gapTight | gapJoined
	case "/", ".", "'s", "’s":
		g = gapJoined
	}
	if strings.Trim(s, " \u00a0\t.") == "" {
		g |= gapSpaced
	}
	for i, r := range s {
		switch r {
		case ',':
			g |= gapComma | gapClause
		case ';', ':', '(', ')', '–', '—':
			g |= gapClause
		case '.', '?', '!', '…', '\n', '\r':
			g |= gapStop
		case '-':
			if i == 0 {
				g |= gapHyphen
			}
			if strings.HasPrefix(s[i:], "--") || i > 0 && s[i-1] == ' ' && strings.HasPrefix(s[i:], "- ") {
				g |= gapClause
			}
		default:
			if r > utf8.RuneSelf && (r == '。' || r == '！' || r == '？') {
				g |= gapStop
			}
		}
	}
	return g
}
