package bot

import (
	"fmt"
	"strings"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

const (
	maxQuestion = 500  // runes; it has to fit into the answer whole
	maxReason   = 1000 // runes
	maxTitle    = 80   // runes
	maxName     = 60   // runes
	maxNotes    = 5
	maxNote     = 300 // runes
	maxValues   = 4   // of an answer line

	// shownQuotes are printed at most while they take at most shownUnits; the
	// others are behind a button.
	shownQuotes = 3
	shownUnits  = 480
)

// renderAnswer shows an answer: what was limited or assumed, the answer line or
// a sentence, the quotes, and in words what kind of answer it is.
func renderAnswer(question string, a *answer.Answer, s scope, title string) *reply {
	r := &reply{asked: question, title: title, state: stateAnswered}
	r.blocks = notes(a.Notes, a.Dropped)
	quotes, label := a.Quotes, "Answered"
	switch {
	case a.Status == answer.StatusUnsure:
		r.state, label = stateUnsure, "Unsure"
		r.blocks = append(r.blocks, block{text: escape(a.Text), soft: true})
	case a.Status == answer.StatusNoEvidence:
		r.state, label, quotes = stateNoEvidence, "Not in the articles", a.Nearest
		r.blocks = append(r.blocks, block{text: escape(a.Text), soft: true})
		if len(quotes) > 0 {
			r.blocks = append(r.blocks, block{text: "The nearest passages:"})
		}
	case a.Mode == answer.ModeModel:
		r.blocks = append(r.blocks, block{text: escape(a.Text), soft: true})
	case len(a.Summary) > 0:
		r.blocks = append(r.blocks, block{text: answerLine(a.Summary), soft: true})
	}
	shown := shownOf(quotes, a.Mode)
	for i := range quotes[:shown] {
		r.blocks = append(r.blocks, quoteBlock(number(&quotes[i], i), &quotes[i]))
	}
	r.foot = label + " · " + summary(a)
	r.rows = [][]button{contextButtons(quotes[:shown]), append(showAll(quotes, shown),
		button{label: "Follow up", id: s.id(verbFollow), style: loud},
		button{label: "More sources", id: s.id(verbMore)},
	), {
		{label: "👍", id: makeID(verbRight, "")},
		{label: "👎", id: makeID(verbDown, "")},
		{label: "What is wrong?", id: makeID(verbWrong, "")},
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
		size := units(quotes[i].Text()) + units(plainByline(&quotes[i].Article().Info)) + units(titleOf(&quotes[i].Article().Info))
		if i >= least && (i >= shownQuotes || used+size > shownUnits) {
			break
		}
		n, used = n+1, used+size
	}
	return n
}

func contextButtons(quotes []answer.Quote) []button {
	var out []button
	for i := range quotes {
		out = append(out, button{label: fmt.Sprintf("Context of %d", number(&quotes[i], i)), id: makeID(verbContext, quotes[i].Ref().String())})
	}
	return out
}

// showAll is the button that shows the quotes that are not printed.
func showAll(quotes []answer.Quote, shown int) []button {
	if shown == len(quotes) {
		return nil
	}
	var all []corpus.Ref
	for _, q := range quotes[shown:] {
		all = append(all, q.Ref())
	}
	return []button{{label: fmt.Sprintf("Show all %d", len(quotes)), id: makeID(verbAll, joinRefs(all))}}
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
			many = count(v.Articles, "article")
		}
		parts = append(parts, "**"+escape(v.Text)+"** ("+many+")")
	}
	return strings.Join(parts, " · ")
}

// summary says what an answer stands on.
func summary(a *answer.Answer) string {
	var parts []string
	if a.Status != answer.StatusNoEvidence {
		parts = append(parts, "quoted from "+count(a.Sources.Articles, "article"))
	}
	parts = append(parts, searched(a.Searched))
	if a.AsOf != "" {
		parts = append(parts, "as of "+string(a.AsOf))
	}
	return strings.Join(parts, " · ")
}

func searched(s answer.Searched) string {
	out := "searched " + count(s.Articles, "article")
	switch {
	case s.From != "" && s.From == s.To:
		out += " of " + string(s.From)
	case s.From != "":
		out += " of " + string(s.From) + " to " + string(s.To)
	}
	return out
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// smallMark stands before a line in small print.
const smallMark = "-# "

// small is a line in small print.
func small(text string) block { return block{text: smallMark + escape(text)} }

func notes(all []string, dropped int) []block {
	var out []block
	if dropped > 0 {
		all = append([]string{count(dropped, "statement") + " of the model did not stand on the quotes and was left out."}, all...)
		if dropped > 1 {
			all[0] = strings.Replace(all[0], " was ", " were ", 1)
		}
	}
	for i, n := range all {
		if i == maxNotes {
			break
		}
		out = append(out, small(clip(n, maxNote)))
	}
	return out
}

// quoteBlock shows a quote whole, the words that answer bold, then who says it,
// when and where. What the quote needs from elsewhere stands above it.
func quoteBlock(n int, q *answer.Quote) block {
	info := &q.Article().Info
	mark := ""
	if n > 0 { // a quote that was found has no number yet
		mark = fmt.Sprintf("[%d] ", n)
	}
	var lines []string
	var plain strings.Builder
	for _, c := range q.Context {
		lines = append(lines, "> "+escape(c.Text())+" […]")
		plain.WriteString(safetext.Named(c.Text()) + " […]\n")
	}
	lines = append(lines, "> "+marked(q.Quote, q.Marks), bylineOf(mark, info, q.Text(), len(q.Also)))
	plain.WriteString(safetext.Named(q.Text()) + "\n" + safetext.Named(mark+plainByline(info)+" · "+info.Title))
	if info.URL != "" {
		plain.WriteString("\n" + safetext.Named(info.URL))
	}
	return block{text: strings.Join(lines, "\n"), plain: plain.String()}
}

// bylineOf is a line that says who says something, when and where.
func bylineOf(mark string, info *corpus.Info, quote string, also int) string {
	line := smallMark + mark + byline(info)
	if title := titleOf(info); title != "" {
		line += " · " + linked(title, info.URL, quote)
	}
	if also > 0 {
		line += " · also in " + count(also, "other article")
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
		if word := escape(body[m.Start:m.End]); word != "" {
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
	out := escape(text)
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
