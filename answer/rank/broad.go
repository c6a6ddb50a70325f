package rank

import (
	"slices"
	"strings"

	"verbatim/retrieval/english"
	"verbatim/retrieval/facts"
	"verbatim/retrieval/query"
	"verbatim/retrieval/words"
)

// broadConfidence is the least confidence of a question about a subject that
// the articles mention: any passage about it answers.
const broadConfidence = .6

// broadTerms is how many terms the subject of a broad question has at most.
const broadTerms = 4

// broad reports whether the question asks for nothing in particular about a
// subject that the articles mention: "tell me about Bagram".
func (f *Selection) broad() bool {
	q := f.result.Question
	if q.Kind == query.KindWho {
		return f.asksWhoIs()
	}
	switch q.Kind {
	case query.KindWhat, query.KindWhich, query.KindYesNo, query.KindHow:
	default:
		return false
	}
	asks, subject := false, 0
	for _, t := range q.Terms {
		if english.AskBroad.Has(t.Text) {
			asks = true
			continue
		}
		if subject++; f.result.Terms.Frequency[t.Stem] == 0 {
			return false
		}
	}
	return subject > 0 && subject <= broadTerms && (asks || strings.Contains(strings.ToLower(q.Text), " about "))
}

// asksWhoIs reports whether the question asks for nothing but who somebody is
// whom the articles mention: "Who is Ada Novak?".
func (f *Selection) asksWhoIs() bool {
	q := f.result.Question
	if len(q.Names) != 1 || len(q.Terms) == 0 || len(q.Terms) > broadTerms {
		return false
	}
	for _, t := range q.Terms {
		if !slices.Contains(q.Names[0], t.Text) || f.result.Terms.Frequency[t.Stem] == 0 {
			return false
		}
	}
	return true
}

// foreign reports whether the question has no common word of English, so that
// its words cannot be weighed, and the best sentence holds one of its terms.
func (f *Selection) foreign() bool {
	q := f.result.Question
	for _, word := range strings.Fields(strings.ToLower(q.Text)) {
		if english.Stop.Has(strings.Trim(word, "?!.,:;\"'")) {
			return false
		}
	}
	return slices.ContainsFunc(q.Terms, func(t query.Term) bool {
		return slices.ContainsFunc(f.Ranked[0].view.Tokens, func(w words.Token) bool { return w.Stem == t.Stem })
	})
}

// repeated reports whether a chosen sentence holds all terms of the question,
// two or more: what it says of them may be the answer, whatever else speaks
// against it.
func (f *Selection) repeated() bool {
	terms := f.result.Question.Terms
	return len(terms) > 1 && slices.ContainsFunc(f.Chosen, func(s *Sentence) bool {
		for _, t := range terms {
			if !slices.ContainsFunc(s.view.Tokens, func(w words.Token) bool { return w.Stem == t.Stem }) {
				return false
			}
		}
		return true
	})
}

// elsewhere reports whether the question names a country that no article
// mentions, in lower case or not.
func (f *Selection) elsewhere() bool {
	return slices.ContainsFunc(f.result.Question.Terms, func(t query.Term) bool {
		_, country := english.Countries.Get(t.Text)
		return country && !f.mentioned(t.Text)
	})
}

// Unmentioned returns a name of the question, as it is written there, of which
// no article has a word: neither as it is spelt, nor in another spelling or
// form. It returns "" if there is none. The first word of a question has a
// capital letter anyway, so by itself it is not a name.
func (f *Selection) Unmentioned() string {
	q := f.result.Question
	for _, name := range q.Names {
		if slices.ContainsFunc(name, f.mentioned) || len(name) == 1 && begins(q.Text, name[0]) {
			continue
		}
		if text := written(q.Text, name); text != "" {
			return text
		}
	}
	return ""
}

// begins reports whether the folded word is the first one of text.
func begins(text, word string) bool {
	first := words.NewVocabulary(nil).View(text).Tokens
	return len(first) > 0 && first[0].Text == word
}

// mentioned reports whether a passage that was found, or the corpus's index,
// has the folded word, a form of it or another spelling.
func (f *Selection) mentioned(word string) bool {
	q := f.result.Question
	for _, t := range q.Terms {
		if t.Text == word && f.result.Terms.Frequency[t.Stem] > 0 {
			return true
		}
	}
	if slices.ContainsFunc(q.Variants, func(v query.Variant) bool { return v.Term >= 0 && q.Terms[v.Term].Text == word }) {
		return true
	}
	if f.set == nil {
		return false
	}
	g := f.set.group
	for i, t := range g.Question.Tokens {
		if t.Text == word && slices.ContainsFunc(g.Lexical[i], func(x float32) bool { return x > 0 }) {
			return true
		}
	}
	return false
}

// written returns the name that holds the folded words as it stands in text,
// with what else belongs to it ("Tour de France"), or "".
func written(text string, name []string) string {
	f := facts.Read(words.NewVocabulary(nil).View(text))
	for _, n := range f.Names {
		for i := n.From; i < n.To; i++ {
			if f.Tokens[i].Text == name[0] {
				return f.Span(n.From, n.To)
			}
		}
	}
	lower := strings.ToLower(text)
	from := strings.Index(lower, name[0])
	if from < 0 || len(lower) != len(text) {
		return ""
	}
	last := name[len(name)-1]
	to := strings.Index(lower[from:], last)
	if to < 0 {
		return ""
	}
	return text[from : from+to+len(last)]
}
