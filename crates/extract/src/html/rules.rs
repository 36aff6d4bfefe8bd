//! The table of known markup: which words of a class or an id name a page's content, and which name what is around it.
//!
//! To teach a product or a generator, add its words here; everything else reads this table. A word is a whole word of
//! the attribute, in lower case, with `_` written as `-`.

/// What a word says of the element that carries it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Holds the main text, and nothing else.
    Content,
    /// Holds one post of a discussion.
    Post,
    /// Names who wrote a post.
    Byline,
    /// Content that other words would make furniture.
    Kept,
    /// Asks for consent, often at more length than the page has text.
    Consent,
    /// What readers add below a text; content where the page is a discussion.
    Comments,
    /// Around the text: navigation, offers, the site's own words.
    Chrome,
    /// Beside the text, unless it says a lot itself.
    Aside,
    /// The same, and furniture too where it is a column beside the text.
    Column,
    /// Ends a page, unless it ends an article or a card.
    Closing,
}

use Meaning::{Aside, Byline, Chrome, Closing, Column, Comments, Consent, Content, Kept, Post};

/// Who uses the words, what they mean, and the words.
pub const TABLE: &[(&str, Meaning, &str)] = &[
    // Help centres.
    ("Zendesk", Content, "article-body article__body article-content"),
    (
        "Zendesk",
        Chrome,
        "article-votes article-relatives article-more-questions article-return-to-top article-subscribe article-share article-sidebar comment-form recent-articles related-articles article-author sub-nav promoted-articles",
    ),
    ("Intercom", Content, "article__content intercom-interblocks article_body"),
    ("Intercom", Chrome, "intercom-reaction-picker article-reactions related-articles-container"),
    ("Freshdesk", Content, "article-body fw-content fw-article-content solution-article"),
    (
        "Freshdesk",
        Chrome,
        "article-vote article-feedback-form fw-article-feedback p-article-related article-vote-container",
    ),
    ("Help Scout", Content, "fullarticle"),
    ("Help Scout", Chrome, "articlerate articlefoot related article-foot"),
    ("HubSpot", Content, "kb-article hs-kb-content knowledge-base-article-content"),
    ("HubSpot", Chrome, "kb-search kb-feedback kb-categories kb-sidebar"),
    ("Salesforce", Content, "slds-rich-text-editor__output article-content-container forcecommunityknowledgearticle"),
    ("GitBook", Content, "page-body markdown-section"),
    ("GitBook", Chrome, "page-footer-navigation page-toc page-next page-feedback"),
    ("Notion", Content, "notion-page-content"),
    ("Notion", Chrome, "notion-topbar notion-sidebar notion-page-aside"),
    ("Confluence", Content, "wiki-content main-content ak-renderer-document"),
    (
        "Confluence",
        Chrome,
        "page-metadata likes-and-labels-container labels-section page-restrictions comment-section attachment-container",
    ),
    ("Document360", Content, "content_block_text article-content-wrapper d360-article-content"),
    ("Document360", Chrome, "article-feedback d360-feedback article-navigation"),
    ("WordPress", Content, "entry-content post-content article-text kb-content"),
    (
        "WordPress",
        Chrome,
        "post-navigation nav-links sharedaddy jp-relatedposts author-box post-tags entry-footer widget-area wp-block-post-navigation comment-respond",
    ),
    ("MediaWiki", Content, "mw-parser-output"),
    (
        "MediaWiki",
        Chrome,
        "mw-editsection mw-jump-link catlinks navbox printfooter mw-indicators vector-toc sistersitebox",
    ),
    // Forums.
    ("Discourse", Post, "cooked"),
    ("Discourse", Chrome, "topic-map crawler-nav suggested-topics more-topics-container quote-controls onebox"),
    ("XenForo", Post, "bbwrapper messagetext"),
    (
        "XenForo",
        Chrome,
        "message-signature reactionsbar message-actionbar block-outer p-body-sidebar block--similarcontents bbcodeblock--unfurl",
    ),
    ("Invision", Post, "ipsrichtext--user ipstype-richtext"),
    ("Invision", Chrome, "ipssignature ipsentry--signature cauthorpane ipsentry-footer"),
    ("phpBB", Post, "postbody"),
    ("phpBB", Chrome, "signature postprofile action-bar jumpbox-return post-buttons"),
    ("vBulletin", Post, "postcontent post-message post-message- td-post"),
    ("Stack Exchange", Post, "js-post-body"),
    (
        "Stack Exchange",
        Chrome,
        "post-signature js-post-menu bottom-notice js-post-comments-component js-comments-container",
    ),
    ("Flarum", Post, "post-body"),
    ("NodeBB", Post, "posts-content"),
    ("Lithium", Post, "lia-message-body-content"),
    ("Hacker News", Post, "commtext"),
    ("Lemmy", Post, "comment-content"),
    (
        "forums",
        Byline,
        "username author names postauthor post-author message-name creator bigusername user-details hnuser",
    ),
    ("Vanilla", Post, "usercontent"),
    ("Reddit", Post, "usertext-body"),
    // Generators.
    ("Sphinx", Content, "rst-content"),
    ("Sphinx", Chrome, "sphinxsidebar headerlink related rst-footer-buttons wy-nav-side bd-sidebar prev-next-area"),
    ("MkDocs", Content, "md-content__inner"),
    ("MkDocs", Chrome, "md-sidebar md-header md-footer md-source-file md-content__button md-skip wm-page-top-buttons"),
    ("Docusaurus", Content, "theme-doc-markdown"),
    (
        "Docusaurus",
        Chrome,
        "theme-doc-breadcrumbs theme-doc-footer theme-doc-toc-mobile pagination-nav table-of-contents theme-doc-toc-desktop hash-link theme-edit-this-page",
    ),
    ("mdBook", Chrome, "nav-wrapper nav-chapters mobile-nav-chapters nav-wide-wrapper sidebar-scrollbox menu-bar"),
    ("Javadoc", Chrome, "top-nav sub-nav bottom-nav skip-nav sub-nav-list nav-bar-cell1"),
    (
        "rustdoc",
        Chrome,
        "rustdoc-breadcrumbs out-of-band srclink src sidebar-elems rightside hideme rust-logo sub-variant-toggle copy-path sidebar-crate",
    ),
    ("rustdoc", Kept, "sub-heading"),
    ("Doxygen", Content, "contents"),
    ("Doxygen", Chrome, "navpath side-nav dynheader-nav ttc"),
    ("Prism", Kept, "code-toolbar"),
    ("DocBook", Kept, "toc-entry titlepage"),
    ("DocBook", Chrome, "navheader navfooter"),
    ("Mintlify", Chrome, "pagination-button feedback-toolbar"),
    ("ReadMe", Content, "rm-markdown markdown-body"),
    ("ReadMe", Chrome, "rm-pagination rm-guides-nav updatedat"),
    ("VitePress", Content, "vp-doc"),
    ("VitePress", Chrome, "vpdocfooter vpdocaside vplocalnav vpsidebar vpnav edit-info lang"),
    ("Nextra", Content, "nextra-content"),
    ("Nextra", Chrome, "nextra-toc nextra-breadcrumb nextra-sidebar-container nextra-nav-container"),
    ("arXiv", Chrome, "extra-services labstabs submission-history"),
    // Everyone.
    (
        "navigation",
        Chrome,
        "breadcrumb breadcrumbs crumbs pagination pager pagenav page-nav prev-next navbar nav-menu main-nav menu-main site-nav topbar navigation toc table-of-contents tableofcontents on-this-page onthispage skip-link skip-to-content skiplink back-to-top backtotop language-switcher lang-switcher mega-menu megamenu main-menu mobile-menu dropdown-menu sidebar-nav",
    ),
    ("reaction", Chrome, "feedback helpful was-this-helpful page-feedback rating-widget article-rating vote-controls"),
    (
        "offer",
        Chrome,
        "related-articles related-posts related-content recent-posts recommended recommendations read-next more-stories you-may-also-like newsletter newsletter-signup subscribe subscribe-form advert advertisement ad-container ads sponsored promo banner-ad outbrain taboola popup modal",
    ),
    (
        "sharing",
        Chrome,
        "share share-buttons social social-share social-links social-media sharing share-bar addtoany follow-us",
    ),
    (
        "site",
        Chrome,
        "site-header site-footer footer page-footer global-header global-footer masthead footer-widgets copyright header-nav footer-nav colophon",
    ),
    // What search engines are told to pass over.
    ("search engines", Chrome, "nocontent robots-nocontent"),
    (
        "page",
        Chrome,
        "edit-this-page edit-page last-updated search-form searchbox search-box login-form print-button printfriendly screen-reader-text sr-only",
    ),
    (
        "comments",
        Comments,
        "comments-area comment-list article-comments disqus-thread comments comment-form comments-section comments-list",
    ),
    (
        "reviews",
        Chrome,
        "reviews customer-reviews product-reviews review-list reviews-section pdp-reviews jdgm-widget yotpo bv-reviews testimonial-slider",
    ),
    (
        "consent",
        Consent,
        "onetrust-consent-sdk onetrust-banner-sdk onetrust-pc-sdk cookie-law-info-bar cybotcookiebotdialog usercentrics-root didomi-host cmplz-cookiebanner-container cky-consent-container qc-cmp2-container truste-consent cookie-banner cookie-consent cookie-notice cookies gdpr consent cookieconsent cookie-modal",
    ),
    ("beside", Aside, "widget header menu"),
    ("beside", Column, "sidebar side-bar aside"),
];

/// Parts of words, because products put their own name before or after a common one: `acme-toc`, `cookie-law-bar`.
pub const PARTS: &[(Meaning, &str)] = &[
    (
        Chrome,
        "toc breadcrumb breadcrumbs newsletter pagination reactions feedback share social related subscribe copyright navbar megamenu recommendations advert",
    ),
    (Consent, "cookie cookies onetrust cookiebot gdpr"),
];

/// Parts of words that say something of a block only: a word with a `tooltip` is a word of the text.
pub const BLOCK_PARTS: &[(Meaning, &str)] = &[
    (
        Chrome,
        "modal popup lightbox drawer flyout tooltip toolbar filter filters facets cta login signin signup subscription pager upsell upsells",
    ),
    (Aside, "menu nav navigation dropdown"),
    (Column, "sidebar"),
    (Closing, "footer legal"),
    (Comments, "reviews ratings"),
];

/// What begins a word that only says how a part is shown: `has-sidebar` is no sidebar.
pub const STATES: [&str; 8] = ["has", "no", "with", "without", "is", "show", "hide", "open"];

/// What ends such a word: an item that is `filter-active` is no filter.
pub const ENDS: [&str; 8] = ["active", "inactive", "open", "closed", "collapsed", "expanded", "enabled", "visible"];
