package discord

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Decode reads JSON. A field of another type than it is here stays empty: a
// compatible server may differ in what the bot can do without.
func Decode(raw []byte, into any) error {
	err := json.Unmarshal(raw, into)
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" && !strings.HasSuffix(kind.Field, "id") {
		return nil
	}
	return err
}

// Digits is a number that Discord writes as a string, because it may be longer
// than a number of JavaScript; other servers write a number.
type Digits string

// UnmarshalJSON reads both.
func (d *Digits) UnmarshalJSON(raw []byte) error {
	if string(raw) != "null" {
		*d = Digits(strings.Trim(string(raw), `"`))
	}
	return nil
}

// The events and objects of Discord as far as the bot reads them. They are
// our own, because discordgo refuses a whole message for one component of a
// type that it does not know.

// User is an account.
type User struct {
	ID  string `json:"id"`
	Bot bool   `json:"bot"`
}

type member struct {
	User        *User    `json:"user"`
	Roles       []string `json:"roles"`
	Permissions Digits   `json:"permissions"`
}

// Attachment is a file of a message or of a command.
type Attachment struct {
	Filename string `json:"filename"`
	Size     int64  `json:"size"` // bytes
	URL      string `json:"url"`
}

// Component is a button, an input or what holds some, of any type.
type Component struct {
	Type       int         `json:"type"`
	CustomID   string      `json:"custom_id"`
	Value      string      `json:"value"`
	Components []Component `json:"components"`
	Component  *Component  `json:"component"`
}

// Reference names the message that another answers.
type Reference struct {
	MessageID string `json:"message_id,omitempty"`
	ChannelID string `json:"channel_id,omitempty"`
	// FailIfNotExists false posts the message even if the question is gone.
	FailIfNotExists *bool `json:"fail_if_not_exists,omitempty"`
}

// Message is a message as events and REST give it.
type Message struct {
	ID              string      `json:"id"`
	Channel         string      `json:"channel_id"`
	Server          string      `json:"guild_id"`
	Type            int         `json:"type"`
	Author          User        `json:"author"`
	Member          *member     `json:"member"`
	WebhookID       string      `json:"webhook_id"`
	Application     string      `json:"application_id"`
	Content         string      `json:"content"`
	Embeds          []Embed     `json:"embeds"`
	Mentions        []User      `json:"mentions"`
	MentionRoles    []string    `json:"mention_roles"`
	Timestamp       time.Time   `json:"timestamp"`
	Edited          *time.Time  `json:"edited_timestamp"`
	Flags           int         `json:"flags"`
	Components      []Component `json:"components"`
	Reference       *Reference  `json:"message_reference"`
	Referenced      *Message    `json:"referenced_message"`
	MentionEveryone bool        `json:"mention_everyone"`
	Interaction     *struct {
		ID string `json:"id"`
	} `json:"interaction_metadata"`
}

// Option is the value of an option of a command, or a subcommand.
type Option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []Option        `json:"options"`
	Focused bool            `json:"focused"`
}

// Text returns the value of o as it would be typed.
func (o Option) Text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	return string(o.Value)
}

// ResolvedChannel is a channel that an option names.
type ResolvedChannel struct {
	ID             string `json:"id"`
	Type           int    `json:"type"`
	AppPermissions Digits `json:"app_permissions"`
}

// Interaction is the use of a command, a button or a form.
type Interaction struct {
	ID          string `json:"id"`
	Application string `json:"application_id"`
	Type        int    `json:"type"`
	Token       string `json:"token"`
	Server      string `json:"guild_id"`
	Channel     string `json:"channel_id"`
	Data        struct {
		Name     string      `json:"name"`
		Type     int         `json:"type"`
		Options  []Option    `json:"options"`
		TargetID string      `json:"target_id"`
		CustomID string      `json:"custom_id"`
		Inputs   []Component `json:"components"`
		Resolved struct {
			Messages    map[string]Message         `json:"messages"`
			Attachments map[string]Attachment      `json:"attachments"`
			Channels    map[string]ResolvedChannel `json:"channels"`
		} `json:"resolved"`
	} `json:"data"`
	Member         *member  `json:"member"`
	User           *User    `json:"user"`
	Message        *Message `json:"message"`
	AppPermissions Digits   `json:"app_permissions"`
	Locale         string   `json:"locale"`
}

// Asker returns the id of who did it.
func (i *Interaction) Asker() string {
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
	InteractionCommand      = int(discordgo.InteractionApplicationCommand)
	InteractionComponent    = int(discordgo.InteractionMessageComponent)
	InteractionAutocomplete = int(discordgo.InteractionApplicationCommandAutocomplete)
	InteractionModal        = int(discordgo.InteractionModalSubmit)

	RespondMessage      = int(discordgo.InteractionResponseChannelMessageWithSource)
	RespondLater        = int(discordgo.InteractionResponseDeferredChannelMessageWithSource)
	RespondUpdateLater  = int(discordgo.InteractionResponseDeferredMessageUpdate)
	RespondAutocomplete = int(discordgo.InteractionApplicationCommandAutocompleteResult)
	RespondModal        = int(discordgo.InteractionResponseModal)

	FlagEphemeral      = int(discordgo.MessageFlagsEphemeral)
	flagSuppressEmbeds = int(discordgo.MessageFlagsSuppressEmbeds)

	MessageDefault = int(discordgo.MessageTypeDefault)
	MessageReply   = int(discordgo.MessageTypeReply)
)

// Mentions is what a message may ping: nobody.
type Mentions struct {
	Parse       []string `json:"parse"`
	Roles       []string `json:"roles,omitempty"` // ids of those that are mentioned
	RepliedUser bool     `json:"replied_user"`
}

// SentFile names a file of an outgoing message.
type SentFile struct {
	ID       int    `json:"id"`
	Filename string `json:"filename"`
}

// Outgoing is a message as it is sent, within Discord's limits.
type Outgoing struct {
	Content     string                       `json:"content"`
	Embeds      []*Embed                     `json:"embeds"`
	Components  []discordgo.MessageComponent `json:"components"`
	Mentions    Mentions                     `json:"allowed_mentions"`
	Flags       int                          `json:"flags,omitempty"`
	Attachments *[]SentFile                  `json:"attachments,omitempty"`
	Reference   *Reference                   `json:"message_reference,omitempty"`
	Nonce       string                       `json:"nonce,omitempty"`
	Enforce     bool                         `json:"enforce_nonce,omitempty"`

	File *File
}

// Response is the first answer to an interaction.
type Response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// Choice is offered while an option is typed.
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Guild is a server with its channels.
type Guild struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	OwnerID       string         `json:"owner_id"`
	SystemChannel string         `json:"system_channel_id"`
	Unavailable   bool           `json:"unavailable"`
	JoinedAt      string         `json:"joined_at"`
	Channels      []GuildChannel `json:"channels"`
	Threads       []Channel      `json:"threads"`
	Roles         []struct {
		ID          string `json:"id"`
		Permissions Digits `json:"permissions"`
		Tags        struct {
			BotID string `json:"bot_id"`
		} `json:"tags"`
	} `json:"roles"`
	Members []member `json:"members"`
}

// GuildChannel is a channel with what is allowed in it.
type GuildChannel struct {
	Channel
	Position   int         `json:"position"`
	Overwrites []overwrite `json:"permission_overwrites"`
}

type overwrite struct {
	ID    string `json:"id"`
	Type  int    `json:"type"` // 0 a role, 1 a member
	Allow Digits `json:"allow"`
	Deny  Digits `json:"deny"`
}

// Channel is a channel or a thread.
type Channel struct {
	ID       string `json:"id"`
	Type     int    `json:"type"`
	Name     string `json:"name"`
	ParentID string `json:"parent_id"`
	OwnerID  string `json:"owner_id"`
}

// Joined returns when the bot joined, zero if the server does not say.
func (g *Guild) Joined() time.Time {
	t, err := time.Parse(time.RFC3339, g.JoinedAt)
	if err != nil {
		return time.Time{}
	}
	return t
}
