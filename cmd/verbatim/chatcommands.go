package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

// errLeave ends a chat.
var errLeave = errors.New("leave")

// chatCommand is a line of a chat that is not a question.
type chatCommand struct {
	name, does string
	also       []string // other ways to type it
	do         func(c *conversation, ctx context.Context, argument string) error
}

// chatCommands are listed by /help, whose own entry is therefore added apart.
var chatCommands = []chatCommand{
	{"/more", "further passages on the last question", []string{"more"}, (*conversation).more},
	{"/sources", "list the articles; with a word, those whose title or outlet contains it", nil, (*conversation).listSources},
	{"/new", "forget the questions before", nil, (*conversation).forget},
	{"/quit", "end the chat", []string{"quit", "exit", "/exit"}, func(*conversation, context.Context, string) error { return errLeave }},
	{"/help", "list these commands", nil, nil},
}

// command returns what a line asks for, if it is a command or the number of a
// quote.
func (c *conversation) command(text string) (do func(*conversation, context.Context, string) error, argument string, ok bool) {
	name, argument, _ := strings.Cut(strings.ToLower(text), " ")
	for _, x := range chatCommands {
		if x.name == name || argument == "" && slices.Contains(x.also, name) {
			if x.do == nil {
				return (*conversation).help, "", true
			}
			return x.do, strings.TrimSpace(argument), true
		}
	}
	if strings.HasPrefix(text, "/") {
		return func(c *conversation, _ context.Context, _ string) error {
			return c.refuse(text, "there is no command "+name+"; /help lists the commands")
		}, "", true
	}
	number := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if n, err := strconv.Atoi(number); err == nil && n > 0 && len(number) <= 2 {
		return func(c *conversation, _ context.Context, _ string) error { return c.openQuote(n) }, "", true
	}
	return nil, "", false
}

func (c *conversation) help(context.Context, string) error {
	if c.flags.json {
		return c.refuse("/help", "the commands are listed in a terminal only")
	}
	s := c.newScreen(c.stdout)
	for _, x := range chatCommands {
		s.para(fmt.Sprintf("%-10s ", x.name), x.does, s.plain)
	}
	s.para(fmt.Sprintf("%-10s ", "a number"), "open that quote in its article", s.plain)
	s.para("", "Anything else is a question.", s.plain)
	s.print("\n")
	return s.err
}

func (c *conversation) forget(context.Context, string) error {
	c.history, c.last, c.seen = nil, nil, 0
	return nil
}

func (c *conversation) listSources(ctx context.Context, filter string) error {
	infos, err := c.Answerer.Sources(ctx, retrieval.Filter{}, filter)
	if err != nil {
		return err
	}
	if c.flags.json {
		return c.printJSON(api.NewArticles(infos, c.Notes))
	}
	if err := c.printSources(infos, filter); err != nil {
		return err
	}
	return c.blankLine()
}

// morePassages is how many passages more shows at a time.
const morePassages = 3

// more shows passages on the last question that were not shown yet.
func (c *conversation) more(ctx context.Context, _ string) error {
	if c.last == nil {
		return c.refuse("more", "there is no question yet")
	}
	res, err := c.Answerer.Search(ctx, answer.SearchRequest{Query: c.last.Question, AsOf: c.last.AsOf, N: answer.MaxHits})
	if err != nil {
		return err
	}
	var fresh []answer.Hit
	for c.seen < len(res.Hits) && len(fresh) < morePassages {
		h := res.Hits[c.seen]
		c.seen++
		if !c.shown(h.Quote) {
			h.Rank = len(fresh) + 1
			fresh = append(fresh, h)
		}
	}
	if len(fresh) == 0 {
		return c.refuse("more", "there are no further passages on this question")
	}
	res.Hits = fresh
	if c.flags.json {
		return c.printJSON(api.NewSearch(res, false))
	}
	return c.printHits(res, false)
}

// shown reports whether the last answer printed a quote of the passage.
func (c *conversation) shown(passage corpus.Quote) bool {
	for _, q := range append(c.last.Quotes[:len(c.last.Quotes):len(c.last.Quotes)], c.last.Nearest...) {
		if q.Ref().Article == passage.Ref().Article && passage.Span().Overlaps(q.Span()) {
			return true
		}
	}
	return false
}

// openQuote shows quote n of the last answer in its article.
func (c *conversation) openQuote(n int) error {
	if c.last == nil {
		return c.refuse(strconv.Itoa(n), "there is no answer yet whose quote could be opened")
	}
	quotes := c.last.Quotes
	if len(quotes) == 0 {
		quotes = c.last.Nearest
	}
	for i, q := range quotes {
		if q.N != n && (q.N != 0 || i+1 != n) {
			continue
		}
		around := answer.Around{Quote: q.Quote}
		if c.flags.json {
			return c.printJSON(api.NewSource(q.Article(), around, c.Notes))
		}
		if err := c.printSource(q.Article(), around); err != nil {
			return err
		}
		return c.blankLine()
	}
	return c.refuse(strconv.Itoa(n), fmt.Sprintf("the last answer has no quote %d", n))
}
