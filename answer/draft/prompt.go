package draft

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
	Version string // name and version of the template, such as "draft/1"
	System  string
	User    string
	// Schema is the JSON schema of the answer, and Name what it is called,
	// for servers that can be held to one.
	Name   string
	Schema json.RawMessage
}

const draftSchema = `{"type":"object","additionalProperties":false,"required":["answers","points"],"properties":{` +
	`"answers":{"type":"boolean"},"points":{"type":"array","items":{"type":"object","additionalProperties":false,` +
	`"required":["text","sentences"],"properties":{"text":{"type":"string"},"sentences":{"type":"array","items":{"type":"integer"}}}}}}}`

const rewriteSchema = `{"type":"object","additionalProperties":false,"required":["question"],"properties":{"question":{"type":"string"}}}`

// DraftPrompt renders the prompt that asks for points over b's sentences. Each
// sentence is one line of JSON between two fence lines whose number is made
// from the whole content and does not occur in it, so that no article can
// close the fence or open a line of its own.
func DraftPrompt(b Brief) (Prompt, error) {
	lines := make([]string, len(b.Sentences))
	for i, s := range b.Sentences {
		lines[i] = jsonLine(struct {
			N       int    `json:"n"`
			Speaker string `json:"outlet,omitempty"`
			Date    string `json:"date,omitempty"`
			Text    string `json:"text"`
		}{i + 1, tame(s.Speaker), string(s.Published), tame(s.Text)})
	}
	repair := make([]string, len(b.Repair))
	for i, r := range b.Repair {
		repair[i] = jsonLine(struct {
			Text      string `json:"text"`
			Sentences []int  `json:"sentences"`
			Reason    string `json:"reason"`
		}{tame(r.Point.Text), r.Point.Sentences, tame(r.Reason)})
	}
	question := oneLine(tame(b.Question))
	return render("draft", draftSchema, map[string]any{
		"Question": question, "AsOf": b.AsOf, "Lines": lines, "Repair": repair, "MaxPoints": MaxPoints,
		"Fence": fence(question, lines, repair),
	})
}

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
		"Question": question, "Lines": lines, "Fence": fence(question, lines, nil),
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
func fence(question string, lists ...[]string) string {
	content := question
	for _, l := range lists {
		content += "\n" + strings.Join(l, "\n")
	}
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
