package draft

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"unicode"
)

//go:embed prompts/*.tmpl
var promptFiles embed.FS

// promptTemplates parses the embedded files once; a file that does not parse
// is an error of every prompt, which the tests see.
var promptTemplates = sync.OnceValues(func() (map[string]*template.Template, error) {
	parsed := map[string]*template.Template{}
	for _, name := range []string{"draft", "rewrite"} {
		t, err := template.ParseFS(promptFiles, "prompts/"+name+".tmpl")
		if err != nil {
			return nil, fmt.Errorf("parse prompt %s: %w", name, err)
		}
		parsed[name] = t
	}
	return parsed, nil
})

// MaxPoints is the most points that are asked of a model, and taken.
const MaxPoints = 6

// Prompt is what a model is sent.
type Prompt struct {
	Version string // name and version of the template, such as "draft/2"
	System  string
	User    string
	// Schema is the JSON schema of the answer, and Name what it is called,
	// for servers that can be held to one.
	Name   string
	Schema json.RawMessage
}

const draftSchema = `{"type":"object","additionalProperties":false,"required":["sentences","verdict","reason","points"],"properties":{` +
	`"sentences":{"type":"array","items":{"type":"integer"}},"verdict":{"type":"string","enum":["answered","partly","no"]},` +
	`"reason":{"type":"string","enum":["none","no_article","other_person","other_place","other_time","detail_missing"]},` +
	`"points":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["sentences","text"],"properties":{` +
	`"sentences":{"type":"array","items":{"type":"integer"}},"text":{"type":"string"}}}}}}`

const rewriteSchema = `{"type":"object","additionalProperties":false,"required":["question"],"properties":{"question":{"type":"string"}}}`

// Version names the prompt that asks for a draft, with the version of its
// template: figures of different versions are not comparable.
func Version() (string, error) {
	p, err := DraftPrompt(Brief{})
	return p.Version, err
}

// DraftPrompt renders the prompt that asks for a draft over b's sentences. The
// sentences of an article stand together, in the order of the article, under
// one line of JSON with its outlet, date and title; each is one line of JSON
// with its number. All lie between two fence lines whose number is made from
// the question and the sentences and does not occur in them, so that no article
// can close the fence or open a line of its own. What asks for a repair comes
// last, so that a server's cache of the prompt holds for it.
func DraftPrompt(b Brief) (Prompt, error) {
	lines := sentenceLines(b.Sentences)
	repair := make([]string, len(b.Repair))
	for i, r := range b.Repair {
		repair[i] = jsonLine(struct {
			Sentences []int  `json:"sentences"`
			Text      string `json:"text"`
			Reason    string `json:"reason"`
		}{r.Point.Sentences, tame(r.Point.Text), tame(r.Reason)})
	}
	question := oneLine(tame(b.Question))
	return render("draft", draftSchema, map[string]any{
		"Question": question, "AsOf": b.AsOf, "Lines": lines, "Repair": repair, "Unreadable": b.Unreadable,
		"MaxPoints": MaxPoints, "Most": b.most(), "Fence": fence(question, lines),
	})
}

// sentenceLines renders the sentences by article. Articles come in the order
// of their best sentence.
func sentenceLines(sentences []Sentence) []string {
	var order []string
	byArticle := make(map[string][]int)
	for i, s := range sentences {
		if byArticle[s.Article] == nil {
			order = append(order, s.Article)
		}
		byArticle[s.Article] = append(byArticle[s.Article], i)
	}
	var lines []string
	for k, id := range order {
		in := byArticle[id]
		first := sentences[in[0]]
		lines = append(lines, jsonLine(struct {
			Article int    `json:"article"`
			Speaker string `json:"outlet,omitempty"`
			Date    string `json:"date,omitempty"`
			Title   string `json:"title,omitempty"`
		}{k + 1, tame(first.Speaker), string(first.Published), tame(clip(first.Title, maxTitleBytes))}))
		slices.SortStableFunc(in, func(a, b int) int { return sentences[a].Start - sentences[b].Start })
		for _, i := range in {
			lines = append(lines, jsonLine([]any{i + 1, tame(sentences[i].Text)}))
		}
	}
	return lines
}

// maxTitleBytes is how much of a title is shown.
const maxTitleBytes = 200

// maxHistory is how many earlier turns are looked at, the latest ones, and
// maxTurnBytes how much of an earlier answer is shown.
const (
	maxHistory   = 4
	maxTurnBytes = 600
)

// RewritePrompt renders the prompt that asks for a question that stands alone.
func RewritePrompt(question string, history []Turn) (Prompt, error) {
	history = Recent(history)
	lines := make([]string, len(history))
	for i, t := range history {
		lines[i] = jsonLine(struct {
			Question string `json:"question"`
			Answer   string `json:"answer,omitempty"`
		}{tame(t.Question), tame(clip(t.Answer, maxTurnBytes))})
	}
	question = oneLine(tame(question))
	return render("rewrite", rewriteSchema, map[string]any{
		"Question": question, "Lines": lines, "Fence": fence(question, lines),
	})
}

// Recent returns those of the turns that are looked at: the last four.
func Recent(history []Turn) []Turn { return history[max(0, len(history)-maxHistory):] }

func render(name, schema string, data map[string]any) (Prompt, error) {
	templates, err := promptTemplates()
	if err != nil {
		return Prompt{}, err
	}
	part := func(block string) string {
		var b strings.Builder
		if e := templates[name].ExecuteTemplate(&b, block, data); e != nil && err == nil {
			err = fmt.Errorf("render prompt %s: %w", name, e)
		}
		return b.String()
	}
	p := Prompt{Version: part("version"), System: part("system"), User: part("user"), Name: name, Schema: json.RawMessage(schema)}
	return p, err
}

// fence returns a number made from the content that does not occur in it.
func fence(question string, lines []string) string {
	content := question + "\n" + strings.Join(lines, "\n")
	for try := 0; ; try++ {
		sum := sha256.Sum256([]byte(strconv.Itoa(try) + content))
		if nonce := hex.EncodeToString(sum[:8]); !strings.Contains(content, nonce) {
			return nonce
		}
	}
}

// jsonLine encodes v on one line, with <, > and & escaped: no tag and no
// control token of a chat format survives in it.
func jsonLine(v any) string {
	line, err := json.Marshal(v)
	if err != nil { // strings and numbers always encode
		return "{}"
	}
	return string(line)
}

// tame takes out what is invisible or directs the text, and breaks up the
// marks by which chat formats tell turns apart.
func tame(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	for _, mark := range []string{"[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|", "|>"} {
		text = strings.ReplaceAll(text, mark, strings.Join(strings.Split(mark, ""), " "))
	}
	return text
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), " ")
}

// clip returns at most n bytes of text, whole characters.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}
