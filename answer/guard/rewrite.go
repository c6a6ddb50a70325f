package guard

import (
	"slices"
	"strings"
	"unicode/utf8"

	"verbatim/retrieval/facts"
	"verbatim/retrieval/words"
)

// CheckRewrite reports whether a model's rewriting of the last question of a
// conversation may be used and shown: it is one plain line, every name and
// figure in it is in the conversation, and so are most of its other words.
// said holds the earlier questions and answers.
func CheckRewrite(question, rewritten string, said []string) bool {
	n := utf8.RuneCountInString(rewritten)
	if n == 0 || n > 3*utf8.RuneCountInString(question)+300 || strings.ContainsFunc(rewritten, hidden) {
		return false
	}
	if reason := refuseForm(strings.TrimRight(rewritten, "?")); reason == reasonLink || reason == reasonMention || reason == reasonMarkup || reason == reasonCommand {
		return strings.Contains(question, rewritten)
	}
	conversation := []Sentence{{Text: question}}
	for _, text := range said {
		conversation = append(conversation, Sentence{Text: text})
	}
	e := newEvidence("", conversation)
	p := parse(rewritten)
	for i := range p.words {
		if known, _ := e.name(p, i); p.words[i].name && !known && !(p.words[i].first && p.words[0].Is(words.IsQuestion)) {
			return false
		}
	}
	for _, f := range p.Figures {
		if !slices.ContainsFunc(e.quotes, func(q *parsedText) bool {
			return slices.ContainsFunc(q.Figures, func(g facts.Figure) bool { return f.Same(g) })
		}) && f.Value != 1 {
			return false
		}
	}
	return refuseStrange(p, e) == "" && mostlySaid(p, e)
}

// mostlySaid reports whether hardly a word of p is not in e, names and figures
// aside: two, or one in three.
func mostlySaid(p *parsedText, e *evidence) bool {
	total, missing := 0, 0
	for i := range p.words {
		w := &p.words[i]
		if !w.content || w.name || w.figure {
			continue
		}
		total++
		if !e.has(w) {
			missing++
		}
	}
	return missing <= max(2, total/3)
}

// Names returns the byte ranges of the names of text: the runs of capitalised
// words, a question word that begins a sentence left out.
func Names(text string) []words.Range {
	var out []words.Range
	p := parse(text)
	for i := 0; i < len(p.words); {
		run := p.nameAt(i)
		if len(run) == 0 || p.words[i].first && p.words[i].Is(words.IsQuestion) {
			i++
			continue
		}
		out = append(out, words.Range{Start: p.words[run[0]].Start, End: p.words[run[len(run)-1]].End})
		i = run[len(run)-1] + 1
	}
	return out
}
