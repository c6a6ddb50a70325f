package render

import (
	"fmt"
	"strings"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

const (
	MaxQuestion = 500  // runes; it has to fit into the answer whole
	MaxReason   = 1000 // runes
	MaxTitle    = 80   // runes
	MaxName     = 60   // runes
	maxNotes    = 5
	maxNote     = 300 // runes
	maxValues   = 4   // of an answer line

	// ShownQuotes are printed at most while they take at most shownUnits; the
	// others are behind a button.
	ShownQuotes = 3
	shownUnits  = 480
)

// Answer shows an answer: what was limited or assumed, the answer line or
// a sentence, the quotes, and in words what kind of answer it is.
func Answer(question string, a *answer.Answer, s Scope, title string) *Reply {
	r := &Reply{Asked: question, Title: title, State: stateAnswered}
	r.Blocks = Notes(a.Notes, a.Dropped)
	quotes, label := a.Quotes, "Answered"
	switch {
	case a.Status == answer.StatusUnsure:
		r.State, label = stateUnsure, "Unsure"
		r.Blocks = append(r.Blocks, Block{Text: Escape(a.Text), Soft: true})
	case a.Status == answer.StatusNoEvidence:
		r.State, label, quotes = stateNoEvidence, "Not in the articles", a.Nearest
		r.Blocks = append(r.Blocks, Block{Text: Escape(a.Text), Soft: true})
		if len(quotes) > 0 {
			r.Blocks = append(r.Blocks, Block{Text: "The nearest passages:"})
		}
	case a.Mode == answer.ModeModel:
		r.Blocks = append(r.Blocks, Block{Text: Escape(a.Text), Soft: true})
	case len(a.Summary) > 0:
		r.Blocks = append(r.Blocks, Block{Text: answerLine(a.Summary), Soft: true})
	}
	shown := shownOf(quotes, a.Mode)
	for i := range quotes[:shown] {
		r.Blocks = append(r.Blocks, QuoteBlock(number(&quotes[i], i), &quotes[i]))
	}
	r.Foot = label + " · " + summary(a)
	r.Rows = [][]Button{ContextButtons(quotes[:shown]), append(showAll(quotes, shown),
		Button{Label: "Follow up", Id: s.Id(VerbFollow), style: loud},
		Button{Label: "More sources", Id: s.Id(VerbMore)},
	), {
		{Label: "👍", Id: MakeID(VerbRight, "")},
		{Label: "👎", Id: MakeID(VerbDown, "")},
		{Label: "What is wrong?", Id: MakeID(VerbWrong, "")},
	}}
	return r
}

// number is a quote's own number, or that of its place.
func number(q *answer.Quote, i int) int {
	if q.N > 0 {
		return q.N
	}
	return i + 1
}

// shownOf returns how many quotes are printed at once: one at least, and so many
// that the refs of the others fit into one button.
func shownOf(quotes []answer.Quote, mode answer.Mode) int {
	least := max(min(1, len(quotes)), len(quotes)-maxRefs)
	n, used := 0, 0
	for i := range quotes {
		size := Units(quotes[i].Text()) + Units(PlainByline(&quotes[i].Article().Info)) + Units(TitleOf(&quotes[i].Article().Info))
		if i >= least && (i >= ShownQuotes || used+size > shownUnits) {
			break
		}
		n, used = n+1, used+size
	}
	return n
}

// ContextButtons show each of the quotes between its neighbors.
func ContextButtons(quotes []answer.Quote) []Button {
	var out []Button
	for i := range quotes {
		out = append(out, Button{Label: fmt.Sprintf("Context of %d", number(&quotes[i], i)), Id: MakeID(VerbContext, quotes[i].Ref().String())})
	}
	return out
}

// showAll is the button that shows the quotes that are not printed.
func showAll(quotes []answer.Quote, shown int) []Button {
	if shown == len(quotes) {
		return nil
	}
	var all []corpus.Ref
	for _, q := range quotes[shown:] {
		all = append(all, q.Ref())
	}
	return []Button{{Label: fmt.Sprintf("Show all %d", len(quotes)), Id: MakeID(VerbAll, joinRefs(all))}}
}

// answerLine lists the answers that the quotes give, and how many articles give
// each. Of those that agree it shows the first.
func answerLine(values []answer.Value) string {
	var parts []string
	seen := map[int]bool{}
	for _, v := range values {
		if v.Group != 0 && seen[v.Group] {
			continue
		}
		seen[v.Group] = true
		if len(parts) == maxValues {
			parts = append(parts, "…")
			break
		}
		many := fmt.Sprint(v.Articles)
		if len(parts) == 0 {
			many = Count(v.Articles, "article")
		}
		parts = append(parts, "**"+Escape(v.Text)+"** ("+many+")")
	}
	return strings.Join(parts, " · ")
}

// summary says what an answer stands on.
func summary(a *answer.Answer) string {
	var parts []string
	if a.Status != answer.StatusNoEvidence {
		parts = append(parts, "quoted from "+Count(a.Sources.Articles, "article"))
	}
	parts = append(parts, Searched(a.Searched))
	if a.AsOf != "" {
		parts = append(parts, "as of "+string(a.AsOf))
	}
	return strings.Join(parts, " · ")
}

// Searched says what was searched.
func Searched(s answer.Searched) string {
	out := "searched " + Count(s.Articles, "article")
	switch {
	case s.From != "" && s.From == s.To:
		out += " of " + string(s.From)
	case s.From != "":
		out += " of " + string(s.From) + " to " + string(s.To)
	}
	return out
}

// Count is a number with its noun.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// SmallMark stands before a line in small print.
const SmallMark = "-# "

// Small is a line in small print.
func Small(text string) Block { return Block{Text: SmallMark + Escape(text)} }

// Notes are the notes of an answer in small print, and how many statements of a
// model gave way to the words of their quotes.
func Notes(all []string, dropped int) []Block {
	var out []Block
	if dropped > 0 {
		all = append([]string{"The model's wording of " + Count(dropped, "statement") + " was not supported by the quotes; their own words are printed instead."}, all...)
	}
	for i, n := range all {
		if i == maxNotes {
			break
		}
		out = append(out, Small(Clip(n, maxNote)))
	}
	return out
}

// QuoteBlock shows a quote whole, the words that answer bold, then who says it,
// when and where. What the quote needs from elsewhere stands above it.
func QuoteBlock(n int, q *answer.Quote) Block {
	info := &q.Article().Info
	mark := ""
	if n > 0 { // a quote that was found has no number yet
		mark = fmt.Sprintf("[%d] ", n)
	}
	var lines []string
	var plain strings.Builder
	for _, c := range q.Context {
		lines = append(lines, "> "+Escape(c.Text())+" […]")
		plain.WriteString(safetext.Named(c.Text()) + " […]\n")
	}
	lines = append(lines, "> "+marked(q.Quote, q.Marks), BylineOf(mark, info, q.Text(), len(q.Also)))
	plain.WriteString(safetext.Named(q.Text()) + "\n" + safetext.Named(mark+PlainByline(info)+" · "+info.Title))
	if info.URL != "" {
		plain.WriteString("\n" + safetext.Named(info.URL))
	}
	return Block{Text: strings.Join(lines, "\n"), Plain: plain.String()}
}

// BylineOf is a line that says who says something, when and where.
func BylineOf(mark string, info *corpus.Info, quote string, also int) string {
	line := SmallMark + mark + Byline(info)
	if title := TitleOf(info); title != "" {
		line += " · " + linked(title, info.URL, quote)
	}
	if also > 0 {
		line += " · also in " + Count(also, "other article")
	}
	return line
}

// marked is the text of a quote with spans of its article bold. Bold text as a
// whole would stress nothing.
func marked(q corpus.Quote, marks []corpus.Span) string {
	var b strings.Builder
	body, at := q.Article().Body, q.Span().Start
	for _, m := range marks {
		if m.Start < at || m.End > q.Span().End || m.Start >= m.End || m == q.Span() {
			continue
		}
		b.WriteString(piece(body[at:m.Start]))
		if word := Escape(body[m.Start:m.End]); word != "" {
			b.WriteString("**" + word + "**")
		}
		at = m.End
	}
	b.WriteString(piece(body[at:q.Span().End]))
	return strings.TrimSpace(b.String())
}

// piece escapes a part of a text, and keeps whether white space stands at its
// ends.
func piece(text string) string {
	out := Escape(text)
	if out == "" {
		if text != "" {
			return " "
		}
		return ""
	}
	if strings.TrimLeft(text, " \t\r\n") != text {
		out = " " + out
	}
	if strings.TrimRight(text, " \t\r\n") != text {
		out += " "
	}
	return out
}
