package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// decode reads JSON. A field of another type than it is here stays empty: a
// compatible server may differ in what the bot can do without.
func decode(raw []byte, into any) error {
	err := json.Unmarshal(raw, into)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" && !strings.HasSuffix(kind.Field, "id") {
		return nil
	}
	return err
}

// digits is a number that Discord writes as a string, because it may be longer
// than a number of JavaScript; other servers write a number.
type digits string

// UnmarshalJSON reads both.
func (d *digits) UnmarshalJSON(raw []byte) error {
	if string(raw) != "null" {
		*d = digits(strings.Trim(string(raw), `"`))
	}
	return nil
}

// The events and objects of Discord as far as the bot reads them. They are
// our own, because discordgo refuses a whole message for one component of a
// type that it does not know.

type user struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type member struct {
	User        *user    `json:"user"`
	Roles       []string `json:"roles"`
	Permissions digits   `json:"permissions"`
}

type attachment struct {
	Filename string `json:"filename"`
	Size     int64  `json:"size"` // bytes
	URL      string `json:"url"`
}

type component struct {
	Type       int         `json:"type"`
	CustomID   string      `json:"custom_id"`
	Value      string      `json:"value"`
	Components []component `json:"components"`
	Component  *component  `json:"component"`
}

type reference struct {
	MessageID string `json:"message_id,omitempty"`
	ChannelID string `json:"channel_id,omitempty"`
	// FailIfNotExists false posts the message even where the question is gone.
	FailIfNotExists *bool `json:"fail_if_not_exists,omitempty"`
}

type message struct {
	ID              string      `json:"id"`
	Channel         string      `json:"channel_id"`
	Server          string      `json:"guild_id"`
	Type            int         `json:"type"`
	Author          user        `json:"author"`
	Member          *member     `json:"member"`
	WebhookID       string      `json:"webhook_id"`
	Application     string      `json:"application_id"`
	Content         string      `json:"content"`
	Mentions        []user      `json:"mentions"`
	Flags           int         `json:"flags"`
	Components      []component `json:"components"`
	Reference       *reference  `json:"message_reference"`
	Referenced      *message    `json:"referenced_message"`
	MentionEveryone bool        `json:"mention_everyone"`
	Interaction     *struct {
		ID string `json:"id"`
	} `json:"interaction_metadata"`
}

type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []option        `json:"options"`
	Focused bool            `json:"focused"`
}

// text returns the value of o as it would be typed.
func (o option) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value)
}

type resolvedChannel struct {
	ID             string `json:"id"`
	Type           int    `json:"type"`
	AppPermissions digits `json:"app_permissions"`
}

type interaction struct {
	ID          string `json:"id"`
	Application string `json:"application_id"`
	Type        int    `json:"type"`
	Token       string `json:"token"`
	Server      string `json:"guild_id"`
	Channel     string `json:"channel_id"`
	Data        struct {
		Name     string      `json:"name"`
		Type     int         `json:"type"`
		Options  []option    `json:"options"`
		TargetID string      `json:"target_id"`
		CustomID string      `json:"custom_id"`
		Inputs   []component `json:"components"`
		Resolved struct {
			Messages    map[string]message         `json:"messages"`
			Attachments map[string]attachment      `json:"attachments"`
			Channels    map[string]resolvedChannel `json:"channels"`
		} `json:"resolved"`
	} `json:"data"`
	Member         *member  `json:"member"`
	User           *user    `json:"user"`
	Message        *message `json:"message"`
	AppPermissions digits   `json:"app_permissions"`
	Locale         string   `json:"locale"`
}

// asker returns the id of who did it.
func (i *interaction) asker() string {
	switch {
	case i.Member != nil && i.Member.User != nil:
		return i.Member.User.ID
	case i.User != nil:
		return i.User.ID
	}
	return ""
}

// The types of interactions and of the answers to them.
const (
	interactionCommand      = int(discordgo.InteractionApplicationCommand)
	interactionComponent    = int(discordgo.InteractionMessageComponent)
	interactionAutocomplete = int(discordgo.InteractionApplicationCommandAutocomplete)
	interactionModal        = int(discordgo.InteractionModalSubmit)

	respondMessage      = int(discordgo.InteractionResponseChannelMessageWithSource)
	respondLater        = int(discordgo.InteractionResponseDeferredChannelMessageWithSource)
	respondUpdateLater  = int(discordgo.InteractionResponseDeferredMessageUpdate)
	respondAutocomplete = int(discordgo.InteractionApplicationCommandAutocompleteResult)
	respondModal        = int(discordgo.InteractionResponseModal)

	flagEphemeral      = int(discordgo.MessageFlagsEphemeral)
	flagSuppressEmbeds = int(discordgo.MessageFlagsSuppressEmbeds)

	messageDefault = int(discordgo.MessageTypeDefault)
	messageReply   = int(discordgo.MessageTypeReply)
)

// mentions is what a message may ping: nobody.
type mentions struct {
	Parse       []string `json:"parse"`
	RepliedUser bool     `json:"replied_user"`
}

type sentFile struct {
	ID       int    `json:"id"`
	Filename string `json:"filename"`
}

// outgoing is a message as it is sent, within Discord's limits.
type outgoing struct {
	Content     string                       `json:"content"`
	Components  []discordgo.MessageComponent `json:"components"`
	Mentions    mentions                     `json:"allowed_mentions"`
	Flags       int                          `json:"flags,omitempty"`
	Attachments *[]sentFile                  `json:"attachments,omitempty"`
	Reference   *reference                   `json:"message_reference,omitempty"`
	Nonce       string                       `json:"nonce,omitempty"`
	Enforce     bool                         `json:"enforce_nonce,omitempty"`

	file *file
}

type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type guild struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	OwnerID       string         `json:"owner_id"`
	SystemChannel string         `json:"system_channel_id"`
	Unavailable   bool           `json:"unavailable"`
	JoinedAt      string         `json:"joined_at"`
	Channels      []guildChannel `json:"channels"`
	Threads       []channel      `json:"threads"`
	Roles         []struct {
		ID          string `json:"id"`
		Permissions digits `json:"permissions"`
	} `json:"roles"`
	Members []member `json:"members"`
}

type guildChannel struct {
	channel
	Position   int         `json:"position"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

type overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"` // 0 a role, 1 a member
	Allow digits `json:"allow"`
	Deny  digits `json:"deny"`
}

type channel struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	Name     string `json:"name"`
	ParentID string `json:"parent_id"`
	OwnerID  string `json:"owner_id"`
}

// joined returns when the bot joined, zero where the server does not tell.
func (g *guild) joined() time.Time {
	t, err := time.Parse(time.RFC3339, g.JoinedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}
