"""Tables, and nothing else: importing this package fills `Base.metadata`."""

from models.answer import Answer
from models.ask import Ask
from models.backfill import Backfill
from models.base import Base
from models.channel import Channel
from models.community import Community, CommunityState
from models.curation import Act, Curation
from models.daily_post import DailyPost
from models.departure import Departure
from models.event import Event, EventState
from models.evidence import Evidence, EvidenceKind
from models.import_run import ImportRun
from models.installation import Installation
from models.invitation import Invitation, InvitationState
from models.job_run import JobRun
from models.membership import Membership
from models.message import Message
from models.oauth_state import OAuthState
from models.pause import Pause
from models.person import Person
from models.post import Post, PostState
from models.preference import Preference
from models.question import Question
from models.reaction import Reaction
from models.repeat_bar import RepeatBar
from models.repeat_vote import RepeatVote
from models.schedule import Schedule
from models.suggestion import Suggestion, SuggestionState
from models.topic import Topic
from models.topic_alias import TopicAlias
from models.topic_preference import TopicChoice, TopicPreference
from models.tuning import Tuning
from models.vote import Vote
from models.word import Word
from models.workspace import Workspace

__all__ = [
    "Act",
    "Answer",
    "Ask",
    "Backfill",
    "Base",
    "Channel",
    "Community",
    "CommunityState",
    "Curation",
    "DailyPost",
    "Departure",
    "Event",
    "EventState",
    "Evidence",
    "EvidenceKind",
    "ImportRun",
    "Installation",
    "Invitation",
    "InvitationState",
    "JobRun",
    "Membership",
    "Message",
    "OAuthState",
    "Pause",
    "Person",
    "Post",
    "PostState",
    "Preference",
    "Question",
    "Reaction",
    "RepeatBar",
    "RepeatVote",
    "Schedule",
    "Suggestion",
    "SuggestionState",
    "Topic",
    "TopicAlias",
    "TopicChoice",
    "TopicPreference",
    "Tuning",
    "Vote",
    "Word",
    "Workspace",
]
