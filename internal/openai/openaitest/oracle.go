package openaitest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Gold says which sentences answer a question: by its text, the sentences that
// state the answer. A question without any cannot be answered.
type Gold map[string][]string

// Read adds the questions of r, which are JSON Lines as `verbatim eval` takes
// them.
func (g Gold) Read(r io.Reader) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, 1<<20)
	for line := 1; s.Scan(); line++ {
		var q struct {
			Question string `json:"question"`
			Evidence []struct {
				Quote string `json:"quote"`
			} `json:"evidence"`
		}
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		key := plain(q.Question)
		for _, e := range q.Evidence {
			if e.Quote != "" {
				g[key] = append(g[key], e.Quote)
			}
		}
	}
	return s.Err()
}

// of returns those of the sentences that state the answer to a question, in
// their order.
func (g Gold) of(question string, sentences []Sentence) []Sentence {
	var out []Sentence
	for _, s := range sentences {
		if slices.ContainsFunc(g[plain(question)], func(quote string) bool { return states(s.Text, quote) }) {
			out = append(out, s)
		}
	}
	return out
}

// states reports whether text holds a quote, or four in five of its words.
func states(text, quote string) bool {
	text, quote = plain(text), plain(quote)
	if strings.Contains(text, quote) || len(text) > 20 && strings.Contains(quote, text) {
		return true
	}
	in := make(map[string]bool)
	for _, w := range strings.Fields(text) {
		in[w] = true
	}
	words, shared := strings.Fields(quote), 0
	for _, w := range words {
		if in[w] {
			shared++
		}
	}
	return 5*shared >= 4*len(words)
}

var notWord = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// plain folds case, punctuation and white space.
func plain(text string) string {
	return strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(text), " "))
}

// Oracle answers like the best model there could be: it selects the gold
// sentences that it is shown and writes nothing, or says that nothing answers.
// Asked to rewrite a question, it repeats it.
func Oracle(g Gold) Reply {
	return drafts(func(q string, all []Sentence) Draft { return selects(g.of(q, all)) })
}

// Forgetful is an Oracle that leaves out each third gold sentence.
func Forgetful(g Gold) Reply {
	return drafts(func(q string, all []Sentence) Draft {
		var kept []Sentence
		for i, s := range g.of(q, all) {
			if i%3 != 1 {
				kept = append(kept, s)
			}
		}
		return selects(kept)
	})
}

// OverEager is an Oracle that answers what cannot be answered, by the sentence
// that shares most words with the question.
func OverEager(g Gold) Reply {
	return drafts(func(q string, all []Sentence) Draft {
		if gold := g.of(q, all); len(gold) > 0 {
			return selects(gold)
		}
		for _, p := range choose(q, all) {
			return Draft{Sentences: p.Sentences, Verdict: "answered"}
		}
		return selects(nil)
	})
}

// Sloppy is an Oracle that words what it selects, and gets it wrong each other
// time: it changes the first figure, or drops who said it.
func Sloppy(g Gold) Reply {
	return drafts(func(q string, all []Sentence) Draft {
		d := selects(g.of(q, all))
		for i, n := range d.Sentences {
			text := all[n-1].Text
			if i%2 == 1 {
				text = distort(text)
			}
			d.Points = append(d.Points, Point{Text: strings.Join(strings.Fields(text), " "), Sentences: []int{n}})
		}
		return d
	})
}

var (
	aFigure = regexp.MustCompile(`\b\d{2,}\b`)
	aClaim  = regexp.MustCompile(`,[^,]* (?:said|told|reported)\b[^,]*\.$`)
)

// distort makes text say something else: the first figure with a 7 before it,
// else without the speaker, else denied.
func distort(text string) string {
	if at := aFigure.FindStringIndex(text); at != nil {
		return text[:at[0]] + "7" + text[at[0]:]
	}
	if at := aClaim.FindStringIndex(text); at != nil {
		return text[:at[0]] + "."
	}
	return "It is not true that " + text
}

// selects is a draft of sentences without words.
func selects(sentences []Sentence) Draft {
	d := Draft{Verdict: "no", Reason: "detail_missing"}
	for _, s := range sentences {
		d.Verdict, d.Reason = "answered", "none"
		d.Sentences = append(d.Sentences, s.N)
	}
	return d
}
