package discordtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"unicode/utf8"
)

// payload is the body of a message being written, edited or given as a response.
// Pointers tell what is absent from what is empty.
type payload struct {
	Content         *string          `json:"content"`
	Embeds          *[]Embed         `json:"embeds"`
	Components      *[]Component     `json:"components"`
	AllowedMentions *allowedMentions `json:"allowed_mentions"`
	Flags           int              `json:"flags"`
	Nonce           any              `json:"nonce"`
	EnforceNonce    bool             `json:"enforce_nonce"`
	Reference       *Reference       `json:"message_reference"`
	Attachments     *[]Attachment    `json:"attachments"`
	TTS             bool             `json:"tts"`
}

type allowedMentions struct {
	Parse       *[]string `json:"parse"`
	Users       []string  `json:"users"`
	Roles       []string  `json:"roles"`
	RepliedUser bool      `json:"replied_user"`
}

// Limits of Discord, in runes where nothing else is said.
const (
	maxContent      = 2000
	maxEmbeds       = 10
	maxEmbedsTotal  = 6000
	maxEmbedFields  = 25
	maxTitle        = 256
	maxDescription  = 4096
	maxFieldValue   = 1024
	maxFooter       = 2048
	maxRows         = 5
	maxButtons      = 5
	maxLabel        = 80
	maxCustomID     = 100
	maxURL          = 512
	maxOptions      = 25
	maxOptionText   = 100
	maxPlaceholder  = 150
	maxComponentsV2 = 40
	maxTextV2       = 4000
	maxFiles        = 10
	maxFileBytes    = 10 << 20
)

// faultList gathers what is wrong with a request.
type faultList []string

func (f *faultList) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

func (f *faultList) atMost(what, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		f.add("%s has %d runes, at most %d", what, n, limit)
	}
}

func (f *faultList) atLeastOne(what, text string) {
	if text == "" {
		f.add("%s is empty", what)
	}
}

func parsePayload(body []byte) (payload, error) {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return p, &apiError{400, 50109, "The request body contains invalid JSON."}
	}
	return p, nil
}

// check returns all that is wrong with a message, our own rule included: mentions
// must be switched off in words.
func (p payload) check(files []File) []string {
	var f faultList
	m := p.AllowedMentions
	switch {
	case m == nil || m.Parse == nil:
		f.add("allowed_mentions with parse [] is missing")
	case len(*m.Parse)+len(m.Users) > 0 || len(m.Roles) > 1 || m.RepliedUser: // one role may be asked for help
		f.add("allowed_mentions lets somebody be pinged")
	}
	if p.Content != nil {
		f.atMost("content", *p.Content, maxContent)
		if !utf8.ValidString(*p.Content) {
			f.add("content is not UTF-8")
		}
	}
	if p.Embeds != nil {
		f.embeds(*p.Embeds)
	}
	if p.Components != nil {
		v2 := p.Flags&FlagComponentsV2 != 0
		if v2 && (p.Content != nil && *p.Content != "" || p.Embeds != nil && len(*p.Embeds) > 0) {
			f.add("components v2 allow neither content nor embeds")
		}
		f.components(*p.Components, v2)
	}
	if len(files) > maxFiles {
		f.add("%d files, at most %d", len(files), maxFiles)
	}
	for _, x := range files {
		if len(x.Body) > maxFileBytes {
			f.add("file %q has %d bytes, at most %d", x.Name, len(x.Body), maxFileBytes)
		}
	}
	return f
}

func (f *faultList) embeds(list []Embed) {
	if len(list) > maxEmbeds {
		f.add("%d embeds, at most %d", len(list), maxEmbeds)
	}
	total := 0
	for i, e := range list {
		name := fmt.Sprintf("embeds[%d].", i)
		parts := []string{e.Title, e.Description}
		f.atMost(name+"title", e.Title, maxTitle)
		f.atMost(name+"description", e.Description, maxDescription)
		f.link(name+"url", e.URL, 2048)
		if e.Footer != nil {
			f.atMost(name+"footer", e.Footer.Text, maxFooter)
			parts = append(parts, e.Footer.Text)
		}
		if e.Author != nil {
			f.atMost(name+"author", e.Author.Name, maxTitle)
			parts = append(parts, e.Author.Name)
		}
		if len(e.Fields) > maxEmbedFields {
			f.add("%sfields has %d, at most %d", name, len(e.Fields), maxEmbedFields)
		}
		for j, x := range e.Fields {
			field := fmt.Sprintf("%sfields[%d].", name, j)
			f.atLeastOne(field+"name", x.Name)
			f.atLeastOne(field+"value", x.Value)
			f.atMost(field+"name", x.Name, maxTitle)
			f.atMost(field+"value", x.Value, maxFieldValue)
			parts = append(parts, x.Name, x.Value)
		}
		for _, t := range parts {
			total += utf8.RuneCountInString(t)
		}
	}
	if total > maxEmbedsTotal {
		f.add("embeds have %d runes together, at most %d", total, maxEmbedsTotal)
	}
}

func (f *faultList) link(what, link string, limit int) {
	if link == "" {
		return
	}
	f.atMost(what, link, limit)
	u, err := url.Parse(link)
	if err != nil || u.Host == "" && u.Scheme != "discord" && u.Scheme != "attachment" {
		f.add("%s %q is no URL", what, link)
		return
	}
	switch u.Scheme {
	case "http", "https", "discord", "attachment":
	default:
		f.add("%s has the scheme %q", what, u.Scheme)
	}
}
