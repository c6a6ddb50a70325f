package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/render"
	"verbatim/internal/safetext"
	"verbatim/retrieval/corpus"
)

const (
	passagesPage = 3
	placesPage   = 4
	articlesPage = 10
	textPage     = 1500 // units of an article's body
	maxHits      = 20
	maxChoices   = 25
	maxChoice    = 100 // Discord's limit for the name of a choice
)

// search answers /search.
func (b *bot) search(ctx context.Context, r *request) (*render.Reply, error) {
	s, err := scopeOf(r)
	if err != nil {
		return nil, err
	}
	return b.passages(ctx, r, r.options["query"], s, 0)
}

// searchPage turns the pages of a search.
func (b *bot) searchPage(ctx context.Context, r *request) (*render.Reply, error) {
	query, ok := b.question(r)
	offset, rest := page(r.arg)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	return b.passages(ctx, r, query, render.ParseScope(rest), offset)
}

// page reads "offset|rest".
func page(arg string) (offset int, rest string) {
	number, rest, _ := strings.Cut(arg, "|")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return 0, rest
	}
	return n, rest
}

func (b *bot) passages(ctx context.Context, r *request, query string, s render.Scope, offset int) (*render.Reply, error) {
	query = render.Clean(query)
	if len([]rune(query)) > render.MaxQuestion {
		return nil, wordsError(wordsLong)
	}
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Search(ctx, answer.SearchRequest{Query: query, Filter: s.Apply(r.filter(), r.settings.Outlets), N: maxHits})
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Asked: query, Title: "Search", Blocks: append(limited(s, r.settings.Outlets), render.Notes(found.Notes, 0)...)}
	if len(found.Hits) == 0 {
		rep.Blocks = append(rep.Blocks, render.Block{Text: "Nothing was found."})
	}
	offset = min(offset, max(0, len(found.Hits)-1)/passagesPage*passagesPage)
	var quotes []answer.Quote
	for _, h := range found.Hits[offset:min(offset+passagesPage, len(found.Hits))] {
		quotes = append(quotes, hitQuote(&h, h.Rank))
		rep.Blocks = append(rep.Blocks, render.QuoteBlock(h.Rank, &quotes[len(quotes)-1]))
	}
	rep.Foot = render.Searched(found.Searched)
	context := render.ContextButtons(quotes)
	rep.Rows = [][]render.Button{context, pager(render.VerbPassage, offset, passagesPage, len(found.Hits), func(n int) string {
		return s.Id(render.MakeID(render.VerbPassage, strconv.Itoa(n)))
	})}
	return rep, nil
}

// hitQuote is a found passage as it is shown: the sentences worth showing, with
// the words of the query marked.
func hitQuote(h *answer.Hit, n int) answer.Quote {
	q := answer.Quote{Quote: h.Snippet, N: n, Marks: h.Marks}
	if q.Article() == nil {
		q.Quote = h.Quote
	}
	for range h.Copies {
		q.Also = append(q.Also, q.Ref())
	}
	return q
}

// pager makes the buttons to the page before and after, or none for one page.
func pager(verb string, offset, size, total int, id func(offset int) string) []render.Button {
	if total <= size {
		return nil
	}
	last := (total - 1) / size * size
	return []render.Button{
		{Label: "Back", Id: id(max(0, offset-size)), Off: offset == 0},
		{Label: fmt.Sprintf("Page %d of %d", offset/size+1, last/size+1), Id: render.MakeID(verb, "here"), Off: true},
		{Label: "Next", Id: id(min(last+size, offset+size)), Off: offset >= last},
	}
}

// quote answers /quote.
func (b *bot) quote(ctx context.Context, r *request) (*render.Reply, error) {
	return b.where(ctx, r, r.options["words"], 0)
}

// quotePage turns the pages of the places that hold words.
func (b *bot) quotePage(ctx context.Context, r *request) (*render.Reply, error) {
	words, ok := b.question(r)
	offset, _ := page(r.arg)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	return b.where(ctx, r, words, offset)
}

func (b *bot) where(ctx context.Context, r *request, words string, offset int) (*render.Reply, error) {
	words = render.Clean(words)
	if len([]rune(words)) > render.MaxQuestion {
		return nil, wordsError(wordsLong)
	}
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Find(ctx, words, r.filter())
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Asked: words, Title: "Verbatim", Blocks: render.Notes(found.Notes, 0)}
	n := len(found.Matches)
	switch n {
	case 0:
		rep.Blocks = append(rep.Blocks, render.Block{Text: "No article holds these words. /search finds what is similar."})
	case 1:
		rep.Blocks = append(rep.Blocks, render.Block{Text: "Found in one place:"})
	default:
		rep.Blocks = append(rep.Blocks, render.Block{Text: fmt.Sprintf("Found in %d places:", n)})
	}
	offset = min(offset, max(0, n-1)/placesPage*placesPage)
	page := found.Matches[offset:min(offset+placesPage, n)]
	for i := range page {
		rep.Blocks = append(rep.Blocks, render.QuoteBlock(page[i].N, &page[i]))
	}
	context := render.ContextButtons(page)
	rep.Rows = [][]render.Button{context, pager(render.VerbPlaces, offset, placesPage, n, func(n int) string { return render.MakeID(render.VerbPlaces, strconv.Itoa(n)+"|") })}
	return rep, nil
}

// sources answers /sources.
func (b *bot) sources(ctx context.Context, r *request) (*render.Reply, error) {
	return b.list(ctx, r, render.Clean(r.options["filter"]), 0)
}

// sourcesPage turns the pages of a list of articles.
func (b *bot) sourcesPage(ctx context.Context, r *request) (*render.Reply, error) {
	filter, _ := b.question(r) // a list without a filter has none
	offset, _ := page(r.arg)
	return b.list(ctx, r, filter, offset)
}

func (b *bot) list(ctx context.Context, r *request, filter string, offset int) (*render.Reply, error) {
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	infos, err := desk.Sources(ctx, r.filter(), filter)
	if err != nil {
		return nil, err
	}
	rep := &render.Reply{Asked: filter, Title: "Articles"}
	n := len(infos)
	offset = min(offset, max(0, n-1)/articlesPage*articlesPage)
	for i := range infos[offset:min(offset+articlesPage, n)] {
		info := &infos[offset+i]
		line := "**" + render.Escape(info.ID) + "** " + render.Byline(info)
		if t := render.Clip(safetext.Flatten(info.Title), 80); t != "" {
			line += " · " + render.Escape(t)
		}
		if info.Server != "" {
			line += " · *of this server*"
		}
		rep.Blocks = append(rep.Blocks, render.Block{Text: line})
	}
	rep.Foot = render.Count(n, "article") + "; /source shows one"
	rep.Rows = [][]render.Button{pager(render.VerbList, offset, articlesPage, n, func(n int) string { return render.MakeID(render.VerbList, strconv.Itoa(n)+"|") })}
	return rep, nil
}

// source answers /source.
func (b *bot) source(ctx context.Context, r *request) (*render.Reply, error) {
	return b.article(ctx, r, render.Clean(r.options["id"]), 0)
}

// sourcePage turns the pages of an article.
func (b *bot) sourcePage(ctx context.Context, r *request) (*render.Reply, error) {
	n, id := page(r.arg)
	return b.article(ctx, r, id, n)
}

func (b *bot) article(ctx context.Context, r *request, id string, n int) (*render.Reply, error) {
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	a, err := desk.Article(ctx, id, r.scope())
	if err != nil {
		return nil, err
	}
	title := render.TitleOf(&a.Info)
	if title == "" {
		title = a.ID
	}
	rep := &render.Reply{Title: render.Escape(title)}
	facts := []string{a.ID, render.PlainByline(&a.Info)}
	if a.Agency != "" && a.Agency != a.Name() {
		facts = append(facts, "agency "+render.Clip(a.Agency, render.MaxName))
	}
	if a.Author != "" {
		facts = append(facts, "by "+render.Clip(a.Author, render.MaxName))
	}
	if a.Place != "" {
		facts = append(facts, render.Clip(a.Place, render.MaxName))
	}
	facts = append(facts, render.Count(a.Bytes, "byte"), render.Count(a.Passages, "passage"), "source "+render.Clip(a.Source, 2*render.MaxName))
	rep.Foot = strings.Join(facts, " · ")
	if u := render.WebLink(a.URL, ""); u != "" {
		rep.Blocks = append(rep.Blocks, render.Block{Text: "-# <" + u + ">"})
	}
	texts, whole := bodyPages(a.Body)
	n = min(n, len(texts)-1)
	rep.Blocks = append(rep.Blocks, render.Block{Text: texts[n]})
	if !whole {
		rep.File = &discord.File{Name: "article.txt", Data: []byte(safetext.Named(a.Body))}
		rep.Blocks = append(rep.Blocks, render.Block{Text: render.InFile})
	}
	rep.Rows = [][]render.Button{pager(render.VerbText, n, 1, len(texts), func(n int) string { return render.MakeID(render.VerbText, strconv.Itoa(n)+"|"+a.ID) })}
	return rep, nil
}

// bodyPages cuts a body into pages of whole sentences if possible,
// else of whole words; whole is false if one word is longer than a page.
func bodyPages(body string) (pages []string, whole bool) {
	whole = true
	cur := ""
	flush := func() {
		if cur != "" {
			pages = append(pages, cur)
			cur = ""
		}
	}
	for _, paragraph := range strings.FieldsFunc(body, func(r rune) bool { return r == '\n' || r == '\r' }) {
		text := render.Escape(paragraph)
		if render.Units(render.Join(cur, text)) > textPage && render.Units(text) <= textPage/2 {
			flush()
		}
		for render.Units(render.Join(cur, text)) > textPage {
			part, rest, ok := render.Split(text, textPage-render.Units(cur)-1)
			switch {
			case ok:
				cur, text = render.Join(cur, part), rest
			case cur == "":
				text, whole = "…", false
			}
			flush()
		}
		cur = render.Join(cur, text)
	}
	flush()
	if len(pages) == 0 {
		pages = []string{"This article has no text."}
	}
	return pages, whole
}

// completeSource offers articles while an id is typed.
func (b *bot) completeSource(ctx context.Context, r *request) (*render.Reply, error) {
	if r.focused == "outlet" {
		return b.completeOutlet(ctx, r)
	}
	var infos []corpus.Info
	desk, err := b.options.Desk(ctx)
	if err == nil {
		infos, err = desk.Sources(ctx, r.filter(), render.Clean(r.options[r.focused]))
	}
	if err != nil {
		b.log.Warn("offer articles", "error", err)
	}
	rep := &render.Reply{}
	for i := range infos {
		if len(rep.Choices) == maxChoices {
			break
		}
		if r.verb == "remove" && infos[i].Server != r.server {
			continue
		}
		id, _ := corpus.SplitID(infos[i].ID)
		rep.Choices = append(rep.Choices, offer(safetext.Flatten(infos[i].Title)+" · "+render.PlainByline(&infos[i]), id))
	}
	return rep, nil
}

// completeOutlet offers the names of outlets while one is typed.
func (b *bot) completeOutlet(ctx context.Context, r *request) (*render.Reply, error) {
	names, err := b.outletNames(ctx, r)
	if err != nil {
		b.log.Warn("offer outlets", "error", err)
	}
	typed := strings.ToLower(render.Clean(r.options["outlet"]))
	rep := &render.Reply{}
	for _, name := range names {
		if len(rep.Choices) < maxChoices && render.Units(name) <= maxChoice && strings.Contains(strings.ToLower(name), typed) {
			rep.Choices = append(rep.Choices, offer(name, name))
		}
	}
	return rep, nil
}

// offer is a choice with a name within Discord's limit.
func offer(name, value string) discord.Choice {
	name = strings.TrimSpace(safetext.Named(name))
	for n := maxChoice; render.Units(name) > maxChoice; n-- {
		name = render.Clip(name, n)
	}
	return discord.Choice{Name: name, Value: value}
}
