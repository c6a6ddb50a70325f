package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"verbatim/answer"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

// dated writes a date with what it rests on where that is a guess.
func dated(d corpus.Date, basis corpus.Basis) string {
	switch {
	case d == "":
		return "undated"
	case basis == corpus.BasisInferred:
		return string(d) + " (inferred)"
	}
	return string(d)
}

// printAnswer prints an answer for a person.
func (p *program) printAnswer(a *answer.Answer, explain bool) error {
	s := p.newScreen(p.stdout)
	notes := a.Notes
	if a.Asked != "" {
		s.understood(a.Question)
		// The desk's note of it would say it again.
		notes = slices.DeleteFunc(slices.Clone(notes), func(n string) bool { return strings.Contains(n, a.Question) })
	}
	if a.Status == answer.StatusNoEvidence {
		s.para("", a.Text, s.bold)
		if len(a.Nearest) > 0 {
			s.print("\n")
			s.para("", "What came nearest:", s.plain)
			s.quotes(a.Nearest, explain)
		}
		s.notes(notes)
		return s.err
	}
	if a.Mode == answer.ModeModel {
		s.para("", a.Text, s.bold)
		s.print("\n")
	}
	s.quotes(a.Quotes, explain)
	s.para("", standing(a.Sources)+" Searched "+searchedText(a.Searched)+".", s.faint)
	if a.Dropped > 0 {
		s.para("", plural(a.Dropped, "statement")+" of the model had no support in its quotes and "+was(a.Dropped)+" left out.", s.warn)
	}
	s.notes(notes)
	return s.err
}

// understood prints how a follow-up was read.
func (s *screen) understood(question string) {
	s.para("Understood as: ", safetext.Line(question), s.faint)
	s.print("\n")
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// standing says how many articles stand behind an answer.
func standing(n answer.Sources) string {
	verb := "stand"
	if n.Articles == 1 {
		verb = "stands"
	}
	return fmt.Sprintf("%s (%s independent) %s behind this.", plural(n.Articles, "article"), itoa(n.Independent), verb)
}

func searchedText(n answer.Searched) string {
	text := plural(n.Articles, "article")
	switch {
	case n.From == "":
	case n.From == n.To:
		text += fmt.Sprintf(", dated %s", n.From)
	default:
		text += fmt.Sprintf(", dated %s to %s", n.From, n.To)
	}
	return text
}

// quotes prints numbered quotes, each with where it stands.
func (s *screen) quotes(quotes []answer.Quote, explain bool) {
	for i, q := range quotes {
		s.quote(fmt.Sprintf("[%d]", cmp.Or(q.N, i+1)), q, explain)
	}
}

// quote prints a quote after a mark.
func (s *screen) quote(mark string, q answer.Quote, explain bool) {
	s.para(s.accent.Render(mark)+" ", q.Text(), s.bold)
	s.where("    ", q.Quote)
	if explain {
		s.explain("    ", q.Score, q.Features)
	}
	s.print("\n")
}

// where prints the origin of a quote.
func (s *screen) where(indent string, q corpus.Quote) {
	a := q.Article()
	parts := []string{safetext.Line(a.Name()), dated(a.Published, a.Basis)}
	if a.Title != "" {
		parts = append(parts, safetext.Line(a.Title))
	}
	s.para(indent, strings.Join(parts, " · "), s.plain)
	if a.URL != "" {
		s.para(indent, safetext.Line(a.URL), s.faint)
	}
	s.para(indent, q.Ref().String(), s.faint)
}

// explain prints what each feature added to a score, the greatest first.
func (s *screen) explain(indent string, score float64, features map[string]float64) {
	names := slices.SortedFunc(maps.Keys(features), func(a, b string) int {
		return cmp.Or(cmp.Compare(math.Abs(features[b]), math.Abs(features[a])), cmp.Compare(a, b))
	})
	parts := []string{fmt.Sprintf("score %.3f", score)}
	for _, name := range names {
		if v := features[name]; math.Abs(v) >= 0.0005 {
			parts = append(parts, fmt.Sprintf("%s %+.3f", name, v))
		}
	}
	s.para(indent, strings.Join(parts, ", "), s.faint)
}

func (s *screen) notes(notes []string) {
	for _, n := range notes {
		s.para("Note: ", safetext.Line(n), s.warn)
	}
}

// printHits prints ranked passages.
func (p *program) printHits(r *answer.SearchResult, explain bool) error {
	s := p.newScreen(p.stdout)
	if len(r.Hits) == 0 {
		s.para("", "Nothing was found in "+searchedText(r.Searched)+".", s.bold)
	}
	for _, h := range r.Hits {
		s.para(s.accent.Render(fmt.Sprintf("%2d.", h.Rank))+" ", h.Quote.Text(), s.plain)
		s.where("    ", h.Quote)
		if len(h.Copies) > 0 {
			s.para("    ", "the same text: "+strings.Join(h.Copies, ", "), s.faint)
		}
		if explain {
			s.explain("    ", h.Score, h.Features)
		}
		s.print("\n")
	}
	s.notes(r.Notes)
	return s.err
}

// printMatches prints where words stand verbatim.
func (p *program) printMatches(r *answer.FindResult) error {
	s := p.newScreen(p.stdout)
	if len(r.Matches) == 0 {
		s.para("", "These words stand in no article.", s.bold)
	}
	s.quotes(r.Matches, false)
	s.notes(r.Notes)
	return s.err
}
