package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"verbatim/answer"
	"verbatim/internal/api"
	"verbatim/internal/safetext"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

type sourceOptions struct {
	around        string
	original, raw bool
}

func (p *program) sourceCommand() *cobra.Command {
	var o sourceOptions
	cmd := &cobra.Command{
		Use:   "source ID",
		Short: "show one article; --around REF marks a quote in it",
		Long: `Source shows what is known about an article, and its body. ID may be an ID, the
first four or more characters of one, or the name of the file. ID means the newest
revision and ID.1 the first. With --around, the quote of a ref is marked in its
context. --original prints only the body and --raw the bytes as received: exactly,
unless standard output is a terminal.`,
		Example: `  verbatim source clh4lq5jbc
  verbatim source --around clh4lq5jbc:120-240
  verbatim source --original clh4lq5jbc > body.txt
  verbatim source --json clh4lq5jbc | jq .furniture`,
		ValidArgsFunction: p.completeArticle,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.source(cmd.Context(), o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.around, "around", "", "mark the quote at `REF` (ID:START-END)")
	f.BoolVar(&o.original, "original", false, "print the body and nothing else")
	f.BoolVar(&o.raw, "raw", false, "print the bytes as received and nothing else")
	return cmd
}

// target checks what is asked for and returns the ID and the ref, if any.
func (o sourceOptions) target(args []string) (id string, ref corpus.Ref, err error) {
	if o.around != "" {
		if ref, err = corpus.ParseRef(strings.TrimSpace(o.around)); err != nil {
			return "", ref, usagef("--around: %w; a ref looks like ID:START-END", err)
		}
		if ref.Empty() {
			return "", ref, usagef("--around: the ref %s is empty; its END must be greater than its START", o.around)
		}
		id = ref.Article
	}
	switch {
	case len(args) > 1:
		return "", ref, usagef("source shows one article at a time")
	case len(args) == 1:
		bare, _, _ := strings.Cut(args[0], ".")
		if of, _, _ := strings.Cut(ref.Article, "."); o.around != "" && bare != of {
			return "", ref, usagef("the ref %s is not of the article %s", o.around, args[0])
		}
		if o.around == "" {
			id = args[0]
		}
	}
	if safetext.Blank(id) {
		return "", ref, usagef("source needs the ID of an article; 'verbatim sources' lists them")
	}
	return id, ref, nil
}

func (p *program) source(ctx context.Context, o sourceOptions, args []string) error {
	id, ref, err := o.target(args)
	if err != nil {
		return err
	}
	if o.original && o.raw || (o.original || o.raw) && (p.flags.json || o.around != "") {
		return usagef("of --original, --raw, --around and --json only one may be given")
	}
	w, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer w.Close()
	var around answer.Around
	var a *corpus.Article
	if o.around != "" {
		if around, err = w.Answerer.Context(ctx, ref, corpus.Scope{}); err == nil {
			a = around.Quote.Article()
		}
	} else {
		a, err = w.Answerer.Article(ctx, id, corpus.Scope{})
	}
	if err != nil {
		return p.lookupFailed(id, o.around, err)
	}
	switch {
	case o.original:
		return p.writeBytes([]byte(a.Body))
	case o.raw:
		raw, err := w.Raw(ctx, a)
		if err != nil {
			return err
		}
		return p.writeBytes(raw)
	case p.flags.json:
		return p.printJSON(api.NewSource(a, around, w.Notes))
	}
	return p.page(ctx, func() error { return p.printSource(a, around) })
}

// lookupFailed reports an unknown ID or ref, as JSON too.
func (p *program) lookupFailed(id, ref string, err error) error {
	switch {
	case errors.Is(err, retrieval.ErrNotFound):
		what := "article " + safetext.Line(id)
		if ref != "" {
			what = "article of the ref " + safetext.Line(ref)
		}
		err = fmt.Errorf("there is no %s: it was never stored, or it was removed; 'verbatim sources' lists the articles", what)
	case errors.Is(err, corpus.ErrSpan):
		err = fmt.Errorf("the ref %s points outside of its article", safetext.Line(ref))
	}
	if p.flags.json {
		if werr := p.printJSON(struct {
			ID    string   `json:"id"`
			Error string   `json:"error"`
			Notes []string `json:"notes"`
		}{id, err.Error(), []string{}}); werr != nil {
			return werr
		}
	}
	return err
}

// writeBytes writes data exactly, or escaped if standard output is a terminal.
func (p *program) writeBytes(data []byte) error {
	if _, tty := p.terminal(p.stdout); tty {
		s := p.newScreen(p.stdout)
		s.print(safetext.Terminal(string(data)))
		return s.err
	}
	if _, err := p.stdout.Write(data); err != nil {
		return fmt.Errorf("write the article: %w", err)
	}
	return nil
}

// readFrom returns the words that the date of a was read from, if it was read
// in its text.
func readFrom(a *corpus.Article) string {
	words, err := a.Text(a.PublishedSpan)
	if err != nil || a.PublishedSpan.Empty() {
		return ""
	}
	return strings.Join(strings.Fields(words), " ")
}

func (p *program) printSource(a *corpus.Article, around answer.Around) error {
	s := p.newScreen(p.stdout)
	for _, f := range []struct{ name, value string }{
		{"title", a.Title}, {"id", a.ID}, {"source", a.Source}, {"outlet", a.Outlet}, {"agency", a.Agency}, {"author", a.Author},
		{"place", a.Place}, {"published", dated(a.Published, a.Basis)}, {"read from", readFrom(a)}, {"address", a.URL}, {"language", a.Language},
		{"size", itoa(len(a.Body)) + " bytes, " + plural(a.Passages, "passage")},
	} {
		if f.value != "" {
			s.para(s.faint.Render(fmt.Sprintf("%-10s ", f.name)), safetext.Line(f.value), s.plain)
		}
	}
	s.print("\n")
	if around.Quote.Article() == nil {
		s.article("", strings.Trim(a.Body, "\r\n"), nil)
	} else {
		span := around.Quote.Span()
		before, quote := leadIn(a.Body, span.Start)+">>> ", around.Quote.Text()
		marks := []corpus.Span{{Start: len(before), End: len(before) + len(quote)}}
		s.article("", before+quote+" <<<"+leadOut(a.Body, span.End), marks)
	}
	if a.Basis == corpus.BasisInferred {
		s.print("\n")
		s.para("", inferredNote, s.faint)
	}
	return s.err
}

// contextParagraphs is how many paragraphs are shown on either side of a
// marked quote, besides its own.
const contextParagraphs = 1

// leadIn returns what comes before a quote, from the start of a paragraph on.
func leadIn(body string, start int) string {
	from := start
	for range contextParagraphs + 1 {
		i := strings.LastIndex(strings.TrimRight(body[:from], "\r\n"), "\n")
		if i < 0 {
			return strings.TrimLeft(body[:start], "\r\n")
		}
		from = i + 1
	}
	return "[…]\n" + body[from:start]
}

// leadOut returns what comes after a quote, to the end of a paragraph.
func leadOut(body string, end int) string {
	to := end
	for range contextParagraphs + 1 {
		rest := body[to:]
		skip := len(rest) - len(strings.TrimLeft(rest, "\r\n"))
		i := strings.IndexByte(rest[skip:], '\n')
		if i < 0 {
			return strings.TrimRight(body[end:], "\r\n")
		}
		to += skip + i
	}
	return strings.TrimRight(body[end:to], "\r\n") + "\n[…]"
}
