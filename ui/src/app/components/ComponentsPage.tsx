/*
 * Every part in every state on one sheet, the counterpart of the design picture
 * 00-components. Exists in development and browser tests only, so its sample texts stand
 * here and not in messages; those that name a platform in shared/platforms/samples.
 */
import type { ReactNode } from 'react';
import { PLATFORM_ORDER } from '../../shared/platforms';
import { SAMPLE_ERP, SAMPLE_PLAN, SAMPLE_TEXTS } from '../../shared/platforms/samples';
import { useTheme } from '../theme/theme';
import { Banner, Button, Empty, ErrorPanel, Finding, Kbd, Platform, ProgressBar, SeverityIcon, Skeleton, State, SYNC_STATES, Tag, CharDiff, MatchTable, PlanDiff, OrderNumber } from '../../shared/ui';
import { IconBoxes, IconLock, IconPlus, IconReceiptText, IconRefreshCw, IconSearch, IconTriangleAlert, IconX } from '../../shared/ui/icons';
import './components.css';

const nothing = (): void => undefined;

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }): ReactNode {
  return (
    <section className="cs-part">
      <h2>
        {title} {note ? <span>{note}</span> : null}
      </h2>
      {children}
    </section>
  );
}

export function ComponentsPage(): ReactNode {
  useTheme();
  return (
    <main className="cs">
      <div className="cs-col">
        <Part title="按钮" note="28 高，行内 24；一屏一个主按钮">
          <div className="cs-line">
            <Button kind="primary" hint="Shift R">
              重推 137 单
            </Button>
            <Button icon={IconRefreshCw}>读取</Button>
            <Button kind="link">查看</Button>
            <Button kind="danger">清空门店数据</Button>
          </div>
          <div className="cs-line">
            <Button kind="primary" className="cs-focus">
              有焦点
            </Button>
            <Button className="cs-focus">有焦点</Button>
            <Button busy="正在重推…">重推 137 单</Button>
            <Button blocked="先勾选至少一项">不可用</Button>
            <Button size="row">行内</Button>
          </div>
        </Part>
        <Part title="平台标识" note="方块一个字，加名称或单独用">
          <div className="cs-line cs-wide">
            {PLATFORM_ORDER.map((platform) => (
              <Platform key={platform} platform={platform} />
            ))}
            <Tag outline>{SAMPLE_ERP}</Tag>
          </div>
        </Part>
        <Part title="每格状态" note="形状和颜色都不同，正常的最淡">
          <div className="cs-line cs-wide small">
            {SYNC_STATES.map((state) => (
              <State key={state} state={state} />
            ))}
          </div>
        </Part>
        <Part title="标签">
          <div className="cs-line">
            <Tag>在售</Tag>
            <Tag tone="red">1 处阻断</Tag>
            <Tag tone="amber">6 天后到期</Tag>
            <Tag tone="green">已绑定</Tag>
            <Tag tone="accent">推荐</Tag>
            <Tag outline>补推单 11-15</Tag>
          </div>
        </Part>
        <Part title="输入" note="拼音没上屏时不响应 Enter 和快捷键">
          <div className="cs-line">
            <label className="search" style={{ width: 200 }}>
              <IconSearch />
              <input placeholder="名称、编码、条码" aria-label="名称、编码、条码" />
              <Kbd>/</Kbd>
            </label>
            <label className="search cs-on" style={{ width: 200 }}>
              <IconSearch />
              <input defaultValue="农夫shan'q" aria-label="搜索" />
            </label>
          </div>
          <div className="cs-fields">
            <div>
              <span className="field cs-field cs-bad">
                进口饼干糕点休闲零食大礼包 <span className="red small">13/12</span>
              </span>
              <span className="red small">{SAMPLE_TEXTS.tooLong}</span>
            </div>
            <div>
              <span className="field cs-field cs-locked">
                <IconLock size={14} /> 茶饮料
              </span>
              <span className="t3 small">{SAMPLE_TEXTS.locked}</span>
            </div>
          </div>
        </Part>
        <Part title="表格单元格">
          <div className="cs-cells">
            <div className="grid-cell al-right is-inherited is-editable">3.50</div>
            <div className="grid-cell al-right is-editable">3.80</div>
            <div className="grid-cell al-right is-editable is-changed">
              <s className="grid-old">3.00</s>3.50
            </div>
            <div className="grid-cell al-right is-editable cs-active">3.50</div>
            <i>沿用商品库</i>
            <i>平台单独售价</i>
            <i>改过未保存</i>
            <i>当前格</i>
            <div className="grid-cell is-editable has-warning">6922255447838</div>
            <div className="grid-cell al-right is-editable has-error red">必填</div>
            <div className="grid-cell al-right is-editable in-range">4.00</div>
            <div className="grid-cell al-right is-readonly">审核中</div>
            <i>提醒</i>
            <i>错误</i>
            <i>选中区域</i>
            <i>只读</i>
          </div>
        </Part>
        <Part title="加载" note="先出骨架，300 毫秒内到就不出">
          <div className="cs-box">
            <Skeleton wait={0} />
          </div>
        </Part>
        <Part title="计划与单号">
          <div className="cs-line">
            <PlanDiff side="from" from="可口可乐碳酸汽水" to="可口可乐汽水" />→
            <PlanDiff side="to" from="单" to="单规格" />
            <OrderNumber number="201174203316884502" />
          </div>
        </Part>
      </div>
      <div className="cs-col">
        <Part title="问题" note="什么、为什么、怎么办，再给按钮；原文折起">
          <Finding
            look="panel"
            severity="error"
            title="主图超过 5 MB，闪购不收"
            ids={['F42', 'IMG04']}
            why="老面包 360g 的主图是 7.3 MB。压到 5 MB 以内就能同步，长边不变。"
            actions={
              <>
                <Button kind="primary" size="row">
                  压缩并同步
                </Button>
                <Button size="row">换一张</Button>
                <Button kind="text" size="row">
                  这家店不同步图片
                </Button>
              </>
            }
            raw={'{"code":1,"msg":"picture字段未上传","errorCode":2009,"poiId":"18836402"}'}
          />
        </Part>
        <Part title="进度" note="件数、速度、剩余、为什么在等">
          <div className="cs-progress">
            <span>读取商品</span>
            <ProgressBar label="读取商品" total={2304} segments={[{ value: 1475, tone: 'accent' }]} />
            <span className="t2 small">1,475 / 2,304　约 40 秒</span>
            <span>{SAMPLE_TEXTS.syncing}</span>
            <ProgressBar
              label={SAMPLE_TEXTS.syncing}
              total={100}
              segments={[
                { value: 60, tone: 'accent' },
                { value: 1, tone: 'red' },
              ]}
            />
            <span className="amber small">平台限流，12 秒后继续</span>
            <span>推送库存</span>
            <ProgressBar label="推送库存" total={100} segments={[{ value: 22, tone: 'dot' }]} />
            <span className="amber small">离线，连上网后自动继续</span>
            <span>重推 137 单</span>
            <ProgressBar
              label="重推 137 单"
              total={137}
              segments={[
                { value: 135, tone: 'accent' },
                { value: 2, tone: 'red' },
              ]}
            />
            <span className="small">
              成功 135　<span className="red">失败 2</span>　<Button kind="link">看原因</Button>
            </span>
          </div>
        </Part>
        <Part title="提示条" note="5 秒收起，有撤销的留 10 秒；出错的不自动收">
          <div className="toast cs-still">
            <SeverityIcon severity="done" />
            <div className="grow">128 个商品售价改为「原价 × 0.9」</div>
            <Button kind="link" hint="Ctrl Z">
              撤销
            </Button>
          </div>
          <div className="toast cs-still">
            <SeverityIcon severity="error" />
            <div className="grow">
              <b>5 项没有同步</b>
              <div className="t2 small">{SAMPLE_TEXTS.notSynced}</div>
            </div>
            <Button size="row">批量缩短</Button>
            <Button kind="text" size="row" icon={IconX} label="关闭" />
          </div>
        </Part>
        <Part title="离线与空">
          <Banner title="离线" action={<Button kind="link">看 3 项</Button>}>
            照常编辑，都存在本机，3 项等联网后同步
          </Banner>
          <div className="cs-pair">
            <div className="cs-box">
              <Empty title="没有异常订单" note="上次检查 14:26:02，今天自动解决 58 单" actions={<Button kind="link">看自动解决的</Button>} />
            </div>
            <div className="cs-box">
              <Empty
                title="找不到「6922255447838」"
                note="全部门店、回收站里也没有"
                actions={
                  <>
                    <Button size="row">清除筛选</Button>
                    <Button size="row">用它新建商品</Button>
                  </>
                }
              />
            </div>
          </div>
        </Part>
        <Part title="读不出来" note="说清哪一步、数据还在不在">
          <ErrorPanel
            title={SAMPLE_TEXTS.unread}
            note="平台 30 秒没有应答，已自动重试 2 次。本机数据没有丢，可以继续编辑。"
            actions={
              <>
                <Button size="row" hint="F5">
                  再读一次
                </Button>
                <Button kind="text" size="row">
                  导出诊断
                </Button>
              </>
            }
          />
        </Part>
      </div>
      <div className="cs-col">
        <Part title="确认" note="写清后果，按平台列数；默认停在取消">
          <div className="cs-card">
            <h3>同步 128 个商品到 3 个平台？</h3>
            <table className="plain">
              <thead>
                <tr>
                  <th>平台</th>
                  <th className="num">新增</th>
                  <th className="num">修改</th>
                  <th className="num">跳过</th>
                  <th className="num">不发</th>
                </tr>
              </thead>
              <tbody>
                {SAMPLE_PLAN.map((row) => (
                  <Consequence key={row.platform} platform={row.platform} counts={row.counts} />
                ))}
              </tbody>
            </table>
            <p className="t2 small cs-gap">9 项有阻断，不会发送。不清空平台上任何已有的内容。</p>
            <p className="t2 small">发送后可以撤销，平台原来的值都留着。</p>
            <div className="dialog-foot">
              <Button kind="link">看逐项计划</Button>
              <div className="grow" />
              <Button hint="Esc" className="cs-focus">
                取消
              </Button>
              <Button kind="primary" hint="Ctrl Enter">
                同步 414 项
              </Button>
            </div>
          </div>
        </Part>
        <Part title="不能撤销的" note="要输入店名">
          <div className="cs-card">
            <h3>删除「下沙大学城店」的本机数据</h3>
            <p className="t2 small">订单 3,127，门店商品 1,986，绑定 1,902。平台上的东西不动。</p>
            <p className="t2 small">先自动备份，30 天内可在「设置、备份」里恢复。</p>
            <div className="dialog-foot">
              <input className="field grow" placeholder="输入 下沙大学城店 以确认" aria-label="输入 下沙大学城店 以确认" />
              <Button>取消</Button>
              <Button kind="dangerSolid" blocked="输入 下沙大学城店 以确认">
                删除
              </Button>
            </div>
          </div>
        </Part>
        <Part title="命令面板" note="Ctrl K">
          <div className="palette cs-palette">
            <div className="palette-head">
              <IconSearch className="c-t3" />
              <b className="grow">红牛</b>
              <span className="t3 small">名称、拼音首字母、编码、扫码都行</span>
            </div>
            <div className="palette-list">
              <div className="palette-title">订单</div>
              <button type="button" className="palette-row" onClick={nothing}>
                <IconReceiptText />
                含「红牛」的订单 31 单 <Tag tone="red">异常 2 单</Tag>
                <span className="grow" />
                <Kbd>Enter</Kbd>
              </button>
              <div className="palette-title">命令</div>
              <button type="button" className="palette-row" onClick={nothing}>
                <IconBoxes />
                推送库存：红牛 2 个规格
              </button>
              <button type="button" className="palette-row" onClick={nothing}>
                <IconPlus />
                新建商品「红牛」
              </button>
            </div>
          </div>
        </Part>
        <Part title="匹配模拟与逐字对比">
          <MatchTable
            rows={[
              { field: '商品名称', order: '农夫山泉饮用天然水', library: '农夫山泉饮用天然水', first: true, again: true },
              { field: '规格名称', order: '550ml×12瓶/件', library: '550ml*12瓶/箱', first: false, again: false },
            ]}
            hits={{ first: 0, again: 0 }}
            note="规格名称一个都不等"
          />
          <CharDiff left={{ label: '订单', text: '550ml×12瓶/件\u00a0' }} right={{ label: '商品库', text: '550ml*12瓶/箱' }} />
          <p className="t3 small cs-gap">
            <IconTriangleAlert size={12} className="cs-inline" /> 末尾 1 个不间断空格
          </p>
        </Part>
      </div>
    </main>
  );
}

function Consequence({ platform, counts }: { platform: string; counts: readonly number[] }): ReactNode {
  return (
    <tr>
      <td>
        <Platform platform={platform} />
      </td>
      {counts.map((count, at) => (
        <td key={at} className={at === 3 && count > 0 ? 'num red' : count === 0 ? 'num t3' : 'num'}>
          {count}
        </td>
      ))}
    </tr>
  );
}
