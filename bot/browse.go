package bot

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"verbatim/answer"
	"verbatim/bot/discord"
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
func (b *bot) search(ctx context.Context, r *request) (*reply, error) {
	s, err := scopeOf(r)
	if err != nil {
		return nil, err
	}
	return b.passages(ctx, r, r.options["query"], s, 0)
}

// searchPage turns the pages of a search.
func (b *bot) searchPage(ctx context.Context, r *request) (*reply, error) {
	query, ok := b.question(r)
	offset, rest := page(r.arg)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	return b.passages(ctx, r, query, parseScope(rest), offset)
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

func (b *bot) passages(ctx context.Context, r *request, query string, s scope, offset int) (*reply, error) {
	query = clean(query)
	if len([]rune(query)) > maxQuestion {
		return nil, wordsError(wordsLong)
	}
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	found, err := desk.Search(ctx, answer.SearchRequest{Query: query, Filter: s.apply(r.filter(), r.settings.Outlets), N: maxHits})
	if err != nil {
		return nil, err
	}
	rep := &reply{asked: query, title: "Search", blocks: append(limited(s, r.settings.Outlets), notes(found.Notes, 0)...)}
	if len(found.Hits) == 0 {
		rep.blocks = append(rep.blocks, block{text: "Nothing was found."})
	}
	offset = min(offset, max(0, len(found.Hits)-1)/passagesPage*passagesPage)
	var quotes []answer.Quote
	for _, h := range found.Hits[offset:min(offset+passagesPage, len(found.Hits))] {
		quotes = append(quotes, hitQuote(&h, h.Rank))
		rep.blocks = append(rep.blocks, quoteBlock(h.Rank, &quotes[len(quotes)-1]))
	}
	rep.foot = searched(found.Searched)
	context := contextButtons(quotes)
	rep.rows = [][]button{context, pager(verbPassage, offset, passagesPage, len(found.Hits), func(n int) string {
		return s.id(makeID(verbPassage, strconv.Itoa(n)))
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
func pager(verb string, offset, size, total int, id func(offset int) string) []button {
	if total <= size {
		return nil
	}
	last := (total - 1) / size * size
	return []button{
		{label: "Back", id: id(max(0, offset-size)), off: offset == 0},
		{label: fmt.Sprintf("Page %d of %d", offset/size+1, last/size+1), id: makeID(verb, "here"), off: true},
		{label: "Next", id: id(min(last+size, offset+size)), off: offset >= last},
	}
}

// quote answers /quote.
func (b *bot) quote(ctx context.Context, r *request) (*reply, error) {
	return b.where(ctx, r, r.options["words"], 0)
}

// quotePage turns the pages of where words stand.
func (b *bot) quotePage(ctx context.Context, r *request) (*reply, error) {
	words, ok := b.question(r)
	offset, _ := page(r.arg)
	if !ok {
		return nil, wordsError(wordsUnread)
	}
	return b.where(ctx, r, words, offset)
}

func (b *bot) where(ctx context.Context, r *request, words string, offset int) (*reply, error) {
	words = clean(words)
	if len([]rune(words)) > maxQuestion {
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
	rep := &reply{asked: words, title: "Verbatim", blocks: notes(found.Notes, 0)}
	n := len(found.Matches)
	switch n {
	case 0:
		rep.blocks = append(rep.blocks, block{text: "No article holds these words. /search finds what is similar."})
	case 1:
		rep.blocks = append(rep.blocks, block{text: "Found in one place:"})
	default:
		rep.blocks = append(rep.blocks, block{text: fmt.Sprintf("Found in %d places:", n)})
	}
	offset = min(offset, max(0, n-1)/placesPage*placesPage)
	page := found.Matches[offset:min(offset+placesPage, n)]
	for i := range page {
		rep.blocks = append(rep.blocks, quoteBlock(page[i].N, &page[i]))
	}
	context := contextButtons(page)
	rep.rows = [][]button{context, pager(verbPlaces, offset, placesPage, n, func(n int) string { return makeID(verbPlaces, strconv.Itoa(n)+"|") })}
	return rep, nil
}

// sources answers /sources.
func (b *bot) sources(ctx context.Context, r *request) (*reply, error) {
	return b.list(ctx, r, clean(r.options["filter"]), 0)
}

// sourcesPage turns the pages of a list of articles.
func (b *bot) sourcesPage(ctx context.Context, r *request) (*reply, error) {
	filter, _ := b.question(r) // a list without a filter has none
	offset, _ := page(r.arg)
	return b.list(ctx, r, filter, offset)
}

func (b *bot) list(ctx context.Context, r *request, filter string, offset int) (*reply, error) {
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	infos, err := desk.Sources(ctx, r.filter(), filter)
	if err != nil {
		return nil, err
	}
	rep := &reply{asked: filter, title: "Articles"}
	n := len(infos)
	offset = min(offset, max(0, n-1)/articlesPage*articlesPage)
	for i := range infos[offset:min(offset+articlesPage, n)] {
		info := &infos[offset+i]
		line := "**" + escape(info.ID) + "** " + byline(info)
		if t := clip(safetext.Flatten(info.Title), 80); t != "" {
			line += " · " + escape(t)
		}
		if info.Server != "" {
			line += " · *of this server*"
		}
		rep.blocks = append(rep.blocks, block{text: line})
	}
	rep.foot = count(n, "article") + "; /source shows one"
	rep.rows = [][]button{pager(verbList, offset, articlesPage, n, func(n int) string { return makeID(verbList, strconv.Itoa(n)+"|") })}
	return rep, nil
}

// source answers /source.
func (b *bot) source(ctx context.Context, r *request) (*reply, error) {
	return b.article(ctx, r, clean(r.options["id"]), 0)
}

// sourcePage turns the pages of an article.
func (b *bot) sourcePage(ctx context.Context, r *request) (*reply, error) {
	n, id := page(r.arg)
	return b.article(ctx, r, id, n)
}

func (b *bot) article(ctx context.Context, r *request, id string, n int) (*reply, error) {
	desk, err := b.options.Desk(ctx)
	if err != nil {
		return nil, err
	}
	a, err := desk.Article(ctx, id, r.scope())
	if err != nil {
		return nil, err
	}
	title := titleOf(&a.Info)
	if title == "" {
		title = a.ID
	}
	rep := &reply{title: escape(title)}
	facts := []string{a.ID, plainByline(&a.Info)}
	if a.Agency != "" && a.Agency != a.Name() {
		facts = append(facts, "agency "+clip(a.Agency, maxName))
	}
	if a.Author != "" {
		facts = append(facts, "by "+clip(a.Author, maxName))
	}
	if a.Place != "" {
		facts = append(facts, clip(a.Place, maxName))
	}
	facts = append(facts, count(a.Bytes, "byte"), count(a.Passages, "passage"), "source "+clip(a.Source, 2*maxName))
	rep.foot = strings.Join(facts, " · ")
	if u := webLink(a.URL, ""); u != "" {
		rep.blocks = append(rep.blocks, block{text: "-# <" + u + ">"})
	}
	texts, whole := bodyPages(a.Body)
	n = min(n, len(texts)-1)
	rep.blocks = append(rep.blocks, block{text: texts[n]})
	if !whole {
		rep.file = &discord.File{Name: "article.txt", Data: []byte(safetext.Named(a.Body))}
		rep.blocks = append(rep.blocks, block{text: inFile})
	}
	rep.rows = [][]button{pager(verbText, n, 1, len(texts), func(n int) string { return makeID(verbText, strconv.Itoa(n)+"|"+a.ID) })}
	return rep, nil
}

// bodyPages cuts a body into pages of whole sentences where that is possible,
// else of whole words; whole is false where one word is longer than a page.
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
		text := escape(paragraph)
		if units(join(cur, text)) > textPage && units(text) <= textPage/2 {
			flush()
		}
		for units(join(cur, text)) > textPage {
			part, rest, ok := split(text, textPage-units(cur)-1)
			switch {
			case ok:
				cur, text = join(cur, part), rest
			case cur == "":
				text, whole = "…", false
			}
			flush()
		}
		cur = join(cur, text)
	}
	flush()
	if len(pages) == 0 {
		pages = []string{"This article has no text."}
	}
	return pages, whole
}

// completeSource offers articles while an id is typed.
func (b *bot) completeSource(ctx context.Context, r *request) (*reply, error) {
	if r.focused == "outlet" {
		return b.completeOutlet(ctx, r)
	}
	var infos []corpus.Info
	desk, err := b.options.Desk(ctx)
	if err == nil {
		infos, err = desk.Sources(ctx, r.filter(), clean(r.options[r.focused]))
	}
	if err != nil {
		b.log.Warn("offer articles", "error", err)
	}
	rep := &reply{}
	for i := range infos {
		if len(rep.choices) == maxChoices {
			break
		}
		if r.verb == "remove" && infos[i].Server != r.server {
			continue
		}
		id, _ := corpus.SplitID(infos[i].ID)
		rep.choices = append(rep.choices, offer(safetext.Flatten(infos[i].Title)+" · "+plainByline(&infos[i]), id))
	}
	return rep, nil
}

// completeOutlet offers the names of outlets while one is typed.
func (b *bot) completeOutlet(ctx context.Context, r *request) (*reply, error) {
	names, err := b.outletNames(ctx, r)
	if err != nil {
		b.log.Warn("offer outlets", "error", err)
	}
	typed := strings.ToLower(clean(r.options["outlet"]))
	rep := &reply{}
	for _, name := range names {
		if len(rep.choices) < maxChoices && units(name) <= maxChoice && strings.Contains(strings.ToLower(name), typed) {
			rep.choices = append(rep.choices, offer(name, name))
		}
	}
	return rep, nil
}

// offer is a choice with a name within Discord's limit.
func offer(name, value string) discord.Choice {
	name = strings.TrimSpace(safetext.Named(name))
	for n := maxChoice; units(name) > maxChoice; n-- {
		name = clip(name, n)
	}
	return discord.Choice{Name: name, Value: value}
}
