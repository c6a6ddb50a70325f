package discordtest

import (
	"encoding/json"
	"time"
)

// Permission bits, as Discord numbers them.
const (
	PermAdministrator       int64 = 1 << 3
	PermManageGuild         int64 = 1 << 5
	PermAddReactions        int64 = 1 << 6
	PermViewChannel         int64 = 1 << 10
	PermSendMessages        int64 = 1 << 11
	PermManageMessages      int64 = 1 << 13
	PermEmbedLinks          int64 = 1 << 14
	PermAttachFiles         int64 = 1 << 15
	PermReadMessageHistory  int64 = 1 << 16
	PermUseCommands         int64 = 1 << 31
	PermManageThreads       int64 = 1 << 34
	PermCreatePublicThreads int64 = 1 << 35
	PermSendInThreads       int64 = 1 << 38
	DefaultPermissions            = PermAddReactions | PermViewChannel | PermSendMessages | PermEmbedLinks | PermAttachFiles | PermReadMessageHistory | PermUseCommands | PermCreatePublicThreads | PermSendInThreads
	everyPermission         int64 = 1<<50 - 1
)

// Channel types, as Discord numbers them.
const (
	ChannelText         = 0
	ChannelDM           = 1
	ChannelAnnouncement = 5
	ChannelThread       = 11
	ChannelForum        = 15
)

// Message flags, as Discord numbers them.
const (
	FlagEphemeral    = 1 << 6
	FlagLoading      = 1 << 7
	FlagComponentsV2 = 1 << 15
)

// User is an account. A zero Discriminator is sent as "0".
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	GlobalName    string  `json:"global_name,omitempty"`
	Discriminator string  `json:"discriminator"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
}

// Member is a user in a guild.
type Member struct {
	User        User      `json:"user"`
	Nick        string    `json:"nick,omitempty"`
	Roles       []string  `json:"roles"`
	JoinedAt    time.Time `json:"joined_at"`
	Permissions string    `json:"permissions,omitempty"` // decimal bits; in interactions only
}

// Role is a guild's role; Permissions are decimal bits.
type Role struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Permissions string `json:"permissions"`
	Position    int    `json:"position"`
	Managed     bool   `json:"managed"`
	Tags        *Tags  `json:"tags,omitempty"`
}

// Tags say what a managed role is for.
type Tags struct {
	BotID string `json:"bot_id,omitempty"`
}

// Guild is a server of Discord with its channels. New gives it the role
// @everyone and the bot as a member.
type Guild struct {
	ID       string
	Name     string
	OwnerID  string // default "1"
	Locale   string // default "en-US"
	Channels []Channel
	Roles    []Role
	Members  []Member // beside the bot
}

// Channel is a channel or thread of a guild, or a direct message.
type Channel struct {
	ID         string
	GuildID    string
	Type       int
	Name       string
	ParentID   string
	OwnerID    string // of a thread
	Topic      string
	Recipients []User
	// Permissions are the bot's own here; 0 means DefaultPermissions until
	// SetPermissions says otherwise. A thread has its parent's.
	Permissions int64
}

// Message is a message as stored; Deleted ones stay readable for tests.
type Message struct {
	ID              string           `json:"id"`
	ChannelID       string           `json:"channel_id"`
	GuildID         string           `json:"guild_id,omitempty"`
	Type            int              `json:"type"`
	Author          User             `json:"author"`
	Member          *Member          `json:"member,omitempty"`
	WebhookID       string           `json:"webhook_id,omitempty"`
	ApplicationID   string           `json:"application_id,omitempty"`
	Content         string           `json:"content"`
	Timestamp       time.Time        `json:"timestamp"`
	EditedTimestamp *time.Time       `json:"edited_timestamp"`
	TTS             bool             `json:"tts"`
	MentionEveryone bool             `json:"mention_everyone"`
	Mentions        []User           `json:"mentions"`
	MentionRoles    []string         `json:"mention_roles"`
	Attachments     []Attachment     `json:"attachments"`
	Embeds          []Embed          `json:"embeds"`
	Components      []Component      `json:"components"`
	Pinned          bool             `json:"pinned"`
	Flags           int              `json:"flags"`
	Nonce           any              `json:"nonce,omitempty"`
	Reference       *Reference       `json:"message_reference,omitempty"`
	Referenced      *Message         `json:"referenced_message,omitempty"`
	Interaction     *InteractionMeta `json:"interaction_metadata,omitempty"`

	Deleted bool `json:"-"`
	Edits   int  `json:"-"` // how often it was edited
}

// Ephemeral tells whether only the asker sees the message.
func (m Message) Ephemeral() bool { return m.Flags&FlagEphemeral != 0 }

// InteractionMeta names the interaction that a message answers.
type InteractionMeta struct {
	ID   string `json:"id"`
	Type int    `json:"type"`
	User User   `json:"user"`
}

// Reference points at another message.
type Reference struct {
	MessageID       string `json:"message_id,omitempty"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists,omitempty"`
}

// Attachment is a file of a message, served at URL.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Size        int    `json:"size"` // bytes
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	ContentType string `json:"content_type,omitempty"`
	Description string `json:"description,omitempty"`
}

// Embed is a rich block of a message.
type Embed struct {
	Type        string       `json:"type,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Color       int          `json:"color,omitempty"`
	Footer      *EmbedText   `json:"footer,omitempty"`
	Author      *EmbedText   `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedText is a footer (Text) or an author (Name).
type EmbedText struct {
	Text    string `json:"text,omitempty"`
	Name    string `json:"name,omitempty"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a named value of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// Component is a component of any type; Type may be one that no library knows.
type Component struct {
	Type        int             `json:"type"`
	ID          int             `json:"id,omitempty"`
	CustomID    string          `json:"custom_id,omitempty"`
	Style       int             `json:"style,omitempty"`
	Label       string          `json:"label,omitempty"`
	Description string          `json:"description,omitempty"`
	URL         string          `json:"url,omitempty"`
	Disabled    bool            `json:"disabled,omitempty"`
	Emoji       json.RawMessage `json:"emoji,omitempty"`
	Content     string          `json:"content,omitempty"`
	Placeholder string          `json:"placeholder,omitempty"`
	Value       string          `json:"value,omitempty"`
	MinLength   *int            `json:"min_length,omitempty"`
	MaxLength   *int            `json:"max_length,omitempty"`
	MinValues   *int            `json:"min_values,omitempty"`
	MaxValues   *int            `json:"max_values,omitempty"`
	Required    *bool           `json:"required,omitempty"`
	Options     []SelectOption  `json:"options,omitempty"`
	Components  []Component     `json:"components,omitempty"`
	Component   *Component      `json:"component,omitempty"`
	Accessory   *Component      `json:"accessory,omitempty"`
}

// SelectOption is a line of a select menu.
type SelectOption struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// Choice is a row that autocomplete offers, or a fixed choice of an option.
type Choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}
