package main

import (
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"verbatim/internal/api"
	"verbatim/seeds"
)

// The keys that scripts rely on, in the order of the objects.
const (
	askKeys     = "question status sure mode answer points quotes summary spellings disagreements sources searched nearest notes dropped took_ms"
	quoteKeys   = "n ref text article source outlet agency title published published_basis url start end marks also attribution newer corrected_by context days"
	hitKeys     = "rank ref article source outlet title published score start end text copies"
	articleKeys = "id source outlet agency title published published_basis url bytes passages"
)

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	checkJSON(t, text)
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// hasKeys wants all of keys in o; others may be beside them.
func hasKeys(t *testing.T, what string, o any, keys string) {
	t.Helper()
	m, ok := o.(map[string]any)
	if !ok {
		t.Errorf("%s is no object: %v", what, o)
		return
	}
	for k := range strings.FieldsSeq(keys) {
		if _, ok := m[k]; !ok {
			t.Errorf("%s has no %s, only %v", what, k, slices.Sorted(maps.Keys(m)))
		}
	}
}

func first(t *testing.T, o map[string]any, key string) any {
	t.Helper()
	l, ok := o[key].([]any)
	if !ok || len(l) == 0 {
		t.Fatalf("%s is no list with something in it: %v", key, o[key])
	}
	return l[0]
}

func TestJSONKeys(t *testing.T) {
	home := t.TempDir()
	run := func(args ...string) map[string]any {
		t.Helper()
		return object(t, runProgram(t, surroundings{home: home}, append(args, "--json")...).stdout)
	}
	ask := run("ask", soldiers)
	hasKeys(t, "ask", ask, askKeys)
	hasKeys(t, "a quote", first(t, ask, "quotes"), quoteKeys)
	hasKeys(t, "a point", first(t, ask, "points"), "text quotes")
	hasKeys(t, "sources", ask["sources"], "articles independent")
	hasKeys(t, "searched", ask["searched"], "articles from to")
	refused := run("ask", "Who won the football world cup in 1998?")
	hasKeys(t, "a refusal", refused, askKeys)
	hasKeys(t, "the nearest", first(t, refused, "nearest"), quoteKeys)
	if refused["answer"] == "" {
		t.Error("a refusal has no sentence")
	}
	search := run("search", "commandos")
	hasKeys(t, "search", search, "query hits notes")
	hasKeys(t, "a hit", first(t, search, "hits"), hitKeys)
	hasKeys(t, "an explained hit", first(t, run("search", "--explain", "commandos"), "hits"), hitKeys+" features")
	hasKeys(t, "an explained quote", first(t, run("ask", "--explain", soldiers), "quotes"), quoteKeys+" features")
	quote := run("quote", "more than 1,000")
	hasKeys(t, "quote", quote, "words matches notes")
	hasKeys(t, "a match", first(t, quote, "matches"), quoteKeys)
	sources := run("sources")
	hasKeys(t, "sources", sources, "articles notes")
	hasKeys(t, "an article", first(t, sources, "articles"), articleKeys)
	source := run("source", "3cl74cqzgi")
	hasKeys(t, "source", source, articleKeys+" body furniture notes")
	hasKeys(t, "a mark", first(t, source, "furniture"), "start end reason")
	ingest := run("ingest", filepath.Join("..", "..", "seeds"))
	hasKeys(t, "an ingest", ingest, "added changed same refused found notes")
	hasKeys(t, "what was found", first(t, ingest, "found"), "id source title published published_basis outlet unused")
}

// Every printed quote is the bytes of its article, in each command.
func TestQuotesAreVerbatim(t *testing.T) {
	bodies := make(map[string]string)
	for _, name := range seedNames(t) {
		f, err := seeds.Files().Open(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		bodies["seeds/"+name] = string(data)
	}
	checked := 0
	for _, args := range [][]string{
		{"ask", soldiers}, {"ask", "Who won the football world cup in 1998?"}, {"ask", "What did the president order?"},
		{"search", "Taliban"}, {"quote", "taliban"}, {"quote", "1,037"},
	} {
		o := object(t, runProgram(t, surroundings{}, append(args, "--json")...).stdout)
		for _, key := range []string{"quotes", "nearest", "hits", "matches"} {
			list, _ := o[key].([]any)
			for _, x := range list {
				q := x.(map[string]any)
				body := bodies[q["source"].(string)]
				start, end := int(q["start"].(float64)), int(q["end"].(float64))
				if body[start:end] != q["text"] {
					t.Errorf("%v: %q is not %q", q["ref"], q["text"], body[start:end])
				}
				checked++
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d quotes were checked", checked)
	}
}

func seedNames(t *testing.T) []string {
	t.Helper()
	var list api.Articles
	r := runProgram(t, surroundings{}, "sources", "--json")
	if err := json.Unmarshal([]byte(r.stdout), &list); err != nil || len(list.Articles) != 5 {
		t.Fatalf("%d articles, %v", len(list.Articles), err)
	}
	var names []string
	for _, a := range list.Articles {
		names = append(names, strings.TrimPrefix(a.Source, "seeds/"))
	}
	return names
}

// The hand-written page names every command, and each has help with an example.
func TestHelp(t *testing.T) {
	p := &program{}
	var help string
	var visit func(path string, cmd *cobra.Command)
	visit = func(path string, cmd *cobra.Command) {
		path = strings.TrimSpace(path + " " + strings.Fields(cmd.Use)[0])
		if !cmd.HasSubCommands() {
			if !strings.Contains(help, "\n  "+path) {
				t.Errorf("verbatim --help does not name %s", path)
			}
			if cmd.Long == "" || !strings.Contains(cmd.Example, "verbatim "+path) {
				t.Errorf("%s has no help with an example", path)
			}
			r := runProgram(t, surroundings{}, append(strings.Fields(path), "--help")...)
			if r.code != exitDone || !strings.Contains(r.stdout, "Examples:") {
				t.Errorf("%s --help: %+v", path, r)
			}
		}
		for _, c := range cmd.Commands() {
			visit(path, c)
		}
	}
	groups := p.commands()
	help = rootHelp(groups)
	for _, g := range groups {
		for _, c := range g.commands {
			visit("", c)
		}
	}
	for l := range strings.Lines(help) {
		if len(l) > 82 {
			t.Errorf("a line of --help is too wide: %q", l)
		}
	}
}
