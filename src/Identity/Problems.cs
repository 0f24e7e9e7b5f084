// Every refusal at the door.
using Lizhou.Kernel;

namespace Lizhou.Identity;

internal static class Problems
{
    public static readonly Problem WrongSignIn = new(
        "IDN-001", 401, new("账号或密码不正确。", "The account or the password is not right."), new("请核对后重试；连续 5 次错误将锁定 30 分钟。", "Check both and try again; five failures lock the account for 30 minutes."));

    public static readonly Problem Locked = new(
        "IDN-002", 429, new("错误次数过多，账号已锁定至 {0}。", "Too many failures: the account is locked until {0}."), new("请在锁定结束后重试，或联系系统管理员。", "Try again after that, or ask your system administrator."));

    public static readonly Problem WeakPassword = new(
        "IDN-003", 400, new("密码不符合要求：{0}", "The password does not meet the rules: {0}"), new("至少 10 个字符，含大写、小写、数字、符号中的三类，不得容易被猜到或包含账号、姓名、单位；几个不相关的词连在一起较好记也较安全。", "At least 10 characters of three kinds (upper case, lower case, digits, signs); not one that is soon guessed; without login, name or unit. A few words that have nothing to do with one another are good."));

    public static readonly Problem RolesExclude = new(
        "IDN-004", 409, new("角色不能兼任：{0}。", "These roles exclude one another: {0}."), new("三员（系统、安全、审计管理员）必须由不同的人担任，且不得兼任数据岗位。", "The three administrators are different people and hold no data role."));

    public static readonly Problem UnknownRole = new(
        "IDN-005", 400, new("没有这个角色：{0}。", "There is no such role: {0}."), new("请从角色列表中选择。", "Choose from the list of roles."));

    public static readonly Problem UnitMissing = new(
        "IDN-006", 400, new("数据专员、单位管理员必须属于一个启用的机构。", "A steward or unit administrator needs an active unit."), new("请选择所属机构。", "Choose the unit."));

    public static readonly Problem LoginTaken = new(
        "IDN-007", 409, new("账号“{0}”已存在。", "The login {0} exists already."), new("请换一个账号名。", "Choose another login."));

    public static readonly Problem NotYours = new(
        "IDN-008", 403, new("您不能管理该账号。", "You may not manage this account."), new("数据岗位账号由系统管理员或所属单位的单位管理员管理，三员账号由安全管理员管理。", "Accounts with data roles are kept by the system administrator or the administrator of their unit, those of the administrators by the security administrator."));

    public static readonly Problem NoSuchAccount = new(
        "IDN-009", 404, new("没有这个账号。", "There is no such account."), new("请从账号列表中选择。", "Choose one from the list."));

    public static readonly Problem NoAntiforgery = new(
        "IDN-010", 400, new("请求缺少防伪令牌，已拒绝。", "The request carries no antiforgery token and was refused."), new("请刷新页面后重试；程序调用请携带 RequestVerificationToken 请求头。", "Reload the page and try again; programs send the header RequestVerificationToken."));

    public static readonly Problem WrongSetupCode = new(
        "IDN-011", 403, new("初始化码不正确、已过期或已使用。", "The setup code is wrong, expired or used."), new("请使用控制台最新打印的初始化码；重启程序可重新生成。", "Use the code printed last on the console; a restart prints a new one."));

    public static readonly Problem ThreeAdministrators = new(
        "IDN-012", 400, new("三名管理员的账号、姓名和密码必须互不相同。", "The three administrators need three different logins, names and passwords."), new("系统、安全、审计管理员须为三个人，请各自填写账号、姓名和密码。", "They are three people: let each enter a login, a name and a password of their own."));

    public static readonly Problem ChangedMeanwhile = new(
        "IDN-013", 409, new("内容已被他人修改。", "Someone else changed this meanwhile."), new("请刷新后重试。", "Reload and try again."));

    public static readonly Problem SamePassword = new(
        "IDN-014", 400, new("新密码与原密码相同，或原密码不正确。", "The new password is the old one, or the old one is not right."), new("请核对原密码并设置不同的新密码。", "Check the old password and choose a different new one."));

    public static readonly Problem NotYourself = new(
        "IDN-015", 409, new("不能停用自己的账号。", "You cannot disable your own account."), new("请由其他管理员操作。", "Ask another administrator."));

    public static readonly Problem LastOfKind = new(
        "IDN-075", 409, new("这是该类管理员唯一启用的账号。", "This is the only open account of its kind of administrator."), new("请先由安全管理员开通同类的另一账号。", "Have the security administrator open another of the kind first."));

    public static readonly Problem NotOwnRole = new(
        "IDN-076", 403, new("不能变更自己的管理员角色和所属人员。", "You cannot change what administrator you are, nor who."), new("请由另一名安全管理员办理。", "Ask another security administrator."));

    public static readonly Problem ListedAdministrator = new(
        "IDN-077", 400, new("三员账号必须属于一名登记在册的人员。", "An administrator's account is a listed person's."), new("请先由数据工程师或单位在“人员岗位”中登记，再选择该人员；已有其他账号的人员不能担任。", "Have them registered under People and posts first, then choose them; somebody who has another account cannot be one."));

    public static readonly Problem NoHalf = new(
        "IDN-078", 409, new("该账号没有待交出的后半段密码。", "No second half of a password waits for this account."), new("如账号尚不能登录，请由管理该账号的管理员重置密码后再取。", "If nobody can come in by it yet, have the administrator who keeps it reset its password and take it then."));

    public static readonly Problem NotOwnReset = new(
        "IDN-079", 409, new("不能重置自己的密码。", "You cannot reset your own password."), new("请在“修改密码”中凭原密码修改；忘记密码的，请由管理该账号的另一名管理员重置。", "Change it with the old one under Change password; if you forgot it, have another administrator who keeps this account reset it."));

    public static readonly Problem BrokenAccount = new(
        "IDN-080", 403, new("该账号封签不符：它被绕过程序直接改动过，已停止使用。", "This account does not fit its seal: it was changed past the program, and counts no more."), new("请安全管理员核查后在“账号管理”中停用该账号：停用即清除其角色、标记、人员和密码，再重新开通。", "Have the security administrator look into it and disable it under Accounts, which takes its roles, label, person and password away; then it is given anew."));

    public static readonly Problem TooOften = new(
        "IDN-016", 429, new("请求过于频繁。", "Too many requests."), new("请一分钟后重试。", "Try again in a minute."));

    public static readonly Problem NoSuchSession = new(
        "IDN-017", 404, new("没有这个会话。", "There is no such session."), new("它可能已经结束，请刷新列表。", "It may have ended; reload the list."));

    public static readonly Problem PasswordUsed = new(
        "IDN-018", 400, new("新密码与最近 {0} 次使用过的密码相同。", "The new password is one of your last {0}."), new("请设置没有用过的密码。", "Choose one you have not used."));

    public static readonly Problem PersonGone = new(
        "IDN-019", 409, new("该人员不存在或已离岗。", "This person is not listed or has left."), new("请先在“人员岗位”中核对。", "Check them under People and posts first."));

    public static readonly Problem PersonTaken = new(
        "IDN-020", 409, new("该人员已有账号“{0}”。", "This person has the account {0} already."), new("一人一个账号，请修改已有账号。", "One person has one account; change the one there is."));

    public static readonly Problem WrongCode = new(
        "IDN-021", 401, new("验证码不正确、已过期或已使用。", "The code is wrong, too old or used."), new("请等待下一个验证码后重试；请确认手机时间准确。", "Wait for the next code and try again; check the clock of your device."));

    public static readonly Problem FactorThere = new(
        "IDN-022", 409, new("已绑定动态口令。", "An authenticator is enrolled already."), new("如设备遗失，请联系安全管理员解除绑定。", "If the device is lost, ask the security administrator to take it away."));

    public static readonly Problem NoFactor = new(
        "IDN-023", 404, new("该账号没有绑定动态口令。", "The account has no authenticator."), new("无需解除。", "There is nothing to take away."));

    public static readonly Problem LabelFirst = new(
        "IDN-037", 403, new("该账号的安全标记为 L{0}，谁设密码，谁就能以其身份查看数据。", "The account is labelled L{0}: who sets its password could see what it sees."), new("请安全管理员先取消标记，本人改密登录后再恢复。", "Have the security administrator take the label away first and give it back once the person has chosen a password."));

    public static readonly Problem LabelAbove = new(
        "IDN-030", 403, new("该账号的安全标记为 L{0}，高于您的标记。", "The account is labelled L{0}, above your own label."), new("请由系统管理员办理；重置密码须先由安全管理员取消标记。", "Ask the system administrator; for another password the security administrator takes the label away first."));

    public static readonly Problem PersonNeeded = new(
        "IDN-031", 400, new("账号只为登记在册的人员开通。", "Accounts are opened for listed people only."), new("请先在“人员岗位”中登记，再选择该人员。", "Register them under People and posts first, then choose them."));

    public static readonly Problem WrongClient = new(
        "IDN-060", 401, new("应用标识或应用密钥不正确，或应用已停用。", "The application or its secret is not right, or it is disabled."), new("请在“应用”页面核对；密钥遗失时重新生成。", "Check it on the page of applications; make a new secret if it is lost."));

    public static readonly Problem NoScope = new(
        "IDN-061", 400, new("应用没有所请求的授权，或授权不在有效期内。", "The application has no such scope, or its grant is not in force."), new("请在“应用”页面为其分配有效的授权。", "Give it a grant in force on the page of applications."));

    public static readonly Problem PlainHttp = new(
        "IDN-062", 400, new("领取令牌须使用 HTTPS。", "A token is fetched over HTTPS only."), new("请使用 https 地址；经反向代理时请以 --proxies 登记该代理。", "Use the https address; name the reverse proxy with --proxies."));

    public static readonly Problem NoCertificate = new(
        "IDN-040", 422, new("没有可用的证书。", "There is no certificate."), new("请上传 PEM 格式的证书，或以出示证书的方式连接后重试。", "Upload a certificate as PEM, or connect with it and try again."));

    public static readonly Problem BadCertificate = new(
        "IDN-041", 422, new("证书不可用：{0}。", "The certificate cannot be used: {0}."), new("请更换证书。", "Use another certificate."));

    public static readonly Problem CertificateTaken = new(
        "IDN-042", 409, new("该证书已登记。", "This certificate is registered already."), new("一张证书只属于一个账号。", "A certificate is one account's."));

    public static readonly Problem WrongCertificate = new(
        "IDN-043", 401, new("没有出示证书，或所出示的证书与账号不符、不在有效期内或已移除。", "No certificate was presented, or it is not this account's, not in date, or removed."), new("请选择本账号登记的证书重新连接；证书到期或遗失时请联系安全管理员。", "Connect with a certificate of this account; if it is out of date or lost, ask the security administrator."));

    public static readonly Problem LastFactor = new(
        "IDN-044", 409, new("这是账号唯一的第二因素。", "This is the account's only second factor."), new("请先登记另一项，或联系安全管理员重置。", "Register another one first, or ask the security administrator to reset it."));

    public static readonly Problem BadToken = new(
        "IDN-063", 401, new("密钥或令牌不是本平台签发的。", "The key or token was not issued here."), new("请使用授权页面签发的密钥，或重新获取令牌。", "Use a key made on the grant's page, or fetch a token anew."));

    public static readonly Problem TokenOver = new(
        "IDN-064", 401, new("密钥或令牌已失效。", "The key or token counts no more."), new("已到期或被收回：请由本单位数据专员另发密钥，或重新获取令牌。", "It is out of date or was revoked: let your steward make another key, or fetch a token anew."));

    public static readonly Problem NotLinked = new(
        "IDN-070", 403, new("您的外部身份尚未关联账号。", "Who you are outside is linked to no account here."), new("请用账号和密码登录，再确认关联；关联只能由本人建立，管理员只能解除。不会自动开通账号。", "Sign in with your account and password and confirm the link: only you can make it, an administrator can but end it. No account is made by itself."));

    public static readonly Problem OutsideRefused = new(
        "IDN-071", 401, new("外部登录未成功。", "The outside sign-in did not succeed."), new("请重新登录；答复过期、重复使用或被篡改时会被拒绝。", "Start again; an answer that is too old, used before or altered is refused."));

    public static readonly Problem OutsideTaken = new(
        "IDN-072", 409, new("该外部身份已关联账号。", "This outside identity is linked already."), new("一个外部身份只对应一个账号，请先解除原关联。", "One identity is one account's; end the other link first."));

    public static readonly Problem PlainProvider = new(
        "IDN-073", 422, new("外部登录服务 {0} 必须使用 https。", "The outside provider {0} must be reached by https."), new("请修改 LIZHOU_OIDC_AUTHORITY。", "Change LIZHOU_OIDC_AUTHORITY."));

    public static readonly Problem NoOutside = new(
        "IDN-074", 404, new("没有该外部身份，或它不可用。", "There is no such outside identity, or it cannot be used."), new("请核对提供方和标识。", "Check provider and subject."));

    public static readonly Problem CodeFirst = new(
        "IDN-024", 403, new("请先完成双因素认证。", "The second factor comes first."), new("请在“双因素认证”页面输入验证码。", "Enter the code on the page of the second factor."));
}
